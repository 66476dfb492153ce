import { pathOf } from './target.ts';

/** Whether a request may pass, by its method and its path. */
export type AllowRule = (method: string, target: string) => boolean;

/**
 * Reads a rule such as `GET /api/v2/*`: a method, or `*` for all, and a path. In a path `*` stands for one whole segment; as the last one for everything
 * below. `GET` allows `HEAD`, too. Undefined for what is no rule.
 */
export function parseAllowRule(text: string): AllowRule | undefined {
  const [, method, path] = /^([A-Z]+|\*) (\/\S*)$/.exec(text.trim()) ?? [];
  if (method === undefined || path === undefined || /[?#]/.test(path)) return undefined;
  const expected = segmentsOf(path);
  if (expected?.every((segment) => segment === '*' || !segment.includes('*')) !== true) return undefined;
  return (used, target) => fitsMethod(method, used) && fitsPath(expected, segmentsOf(pathOf(target)));
}

function fitsMethod(expected: string, used: string): boolean {
  return expected === '*' || expected === used || (expected === 'GET' && used === 'HEAD');
}

function fitsPath(expected: readonly string[], used: readonly string[] | undefined): boolean {
  if (used === undefined) return false;
  const isOpen = expected.at(-1) === '*';
  if (isOpen ? used.length < expected.length : used.length !== expected.length) return false;
  return expected.every((segment, at) => segment === '*' || segment === used[at]);
}

/** Decoded, so that a spelling makes no difference. A segment with an encoded slash may be two to the vendor: it fits no rule. */
function segmentsOf(path: string): string[] | undefined {
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    return segments.some((segment) => segment.includes('/') || /%2f/i.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}
