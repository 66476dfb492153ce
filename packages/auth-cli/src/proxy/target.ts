import type { Refusal } from './refusal.ts';

/** How often a path is decoded to see what it may turn into: a server behind a gateway decodes twice. */
const rounds = 3;

/**
 * Why a request target must not be sent on; undefined if it may. Only what begins with a single slash is below the vendor's base URL, and only as long as
 * no server on the way reads it as a path that leads out of it. It is sent as it is spelt: what is normalised here would not be what was checked.
 */
export function checkTarget(target: string): Refusal | undefined {
  if (!target.startsWith('/')) return badTarget('expected a path that begins with "/", not a URL or a host');
  if (target.startsWith('//')) return badTarget('a path must not begin with "//"');
  if (/[^!-~]/.test(target))
    return badTarget('a path has no spaces, no control characters and no letters beyond ASCII: percent-encode them');
  if (target.includes('#')) return badTarget('a fragment (#) is not sent to a server');
  const problem = checkDecoded(pathOf(target));
  return problem === undefined ? undefined : badTarget(problem);
}

/** The path of a target, without its query. */
export function pathOf(target: string): string {
  const [path = ''] = target.split('?', 1);
  return path;
}

function checkDecoded(path: string): string | undefined {
  if (!isDecodable(path)) return 'its percent-encoding is broken';
  let text = path;
  for (let round = 0; round <= rounds; round += 1) {
    const problem = checkText(text);
    if (problem !== undefined) return problem;
    const decoded = decodeAscii(text);
    if (decoded === text) return undefined;
    text = decoded;
  }
  return 'it is percent-encoded too often';
}

function checkText(text: string): string | undefined {
  if (text.includes('\\')) return 'a path has no backslash, however encoded';
  if (/\p{Cc}/u.test(text)) return 'a path has no control characters, however encoded';
  // Some servers drop what stands behind a semicolon before they look for dots.
  const segments = text.split('/').map((segment) => segment.split(';', 1)[0]);
  return segments.some((segment) => segment === '.' || segment === '..') ? 'a path has no "." and "..", however encoded' : undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** As the most lenient server decodes: what is broken in one place keeps nothing else from being read. All that leads out of a path is ASCII. */
function decodeAscii(text: string): string {
  return text.replaceAll(/%([0-7][\da-f])/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function badTarget(problem: string): Refusal {
  return { status: 400, code: 'BAD_TARGET', message: `This path is not sent to the vendor: ${problem}.` };
}
