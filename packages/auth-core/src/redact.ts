import { findSecrets } from './find-secrets.ts';

const mask = '[hidden]';

/** Vendor texts are sentences; what is longer is a page that nobody reads in an error. */
const maxVendorText = 300;

/** Of a page no more than this is looked at: enough for a sentence behind a lot of white space. */
const maxLook = 4_096;

/** How many characters escaping makes of one, at the most that is looked for. */
const maxEscape = 24;

/**
 * Replaces every secret in a text, in each form in which an answer may repeat it: as it is, escaped for JSON, HTML or a URL (up to three times
 * over), and in base64. By value, not by pattern: some vendors' tokens stand in no recognisable place. Only the first `limit` characters are kept.
 */
export function redact(text: string, secrets: readonly string[], limit: number = text.length): string {
  // A secret that the limit cuts through must be recognised whole.
  const margin = maxEscape * Math.max(0, ...secrets.map((secret) => secret.length));
  let rest = '';
  let at = 0;
  for (const [start, end] of findSecrets(text.slice(0, limit + margin), secrets).toSorted(([a], [b]) => a - b)) {
    if (start >= limit) break;
    if (start >= at) rest += text.slice(at, start) + mask;
    at = Math.max(at, end);
  }
  return rest + text.slice(at, limit);
}

/** A vendor's words, fit for an error: without secrets, on one line, of bounded length. */
export function cleanVendorText(text: string, secrets: readonly string[]): string {
  const line = redact(text, secrets, maxLook)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > maxVendorText ? `${line.slice(0, maxVendorText).replace(/\p{Surrogate}$/u, '')}…` : line;
}

/**
 * A stand-in for another library's error that is safe to hand on as a `cause`: its name, code and scrubbed message, and nothing else. The
 * original may hold bytes that were read, headers or a request.
 */
export function safeCause(error: unknown, secrets: readonly string[]): Error {
  if (!(error instanceof Error)) return new Error('something was thrown that is no Error');
  const cause = new Error(cleanVendorText(error.message, secrets));
  cause.name = error.name;
  // The stack begins with the message; a copy's own stack would only point here.
  cause.stack = `${cause.name}: ${cause.message}`;
  const code = errorCode(error);
  return code === undefined ? cause : Object.assign(cause, { code });
}

/** The `code` of a Node.js or undici error. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
