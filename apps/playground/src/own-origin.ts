import type { MiddlewareHandler } from 'hono';

/** What is sent along with every answer; `scripts` is what else than own files may run. */
export function securityHeaders(scripts: string): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${scripts}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return async (context, next) => {
    await next();
    context.header('content-security-policy', policy);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-resource-policy', 'same-origin');
    context.header('cross-origin-opener-policy', 'same-origin');
    context.header('cache-control', 'no-store');
  };
}

/**
 * Lets requests of the own page through, and nothing else. A name that leads to this machine (DNS rebinding) is not among the hosts; another site's page
 * sends its origin, or is named by `sec-fetch-site`. What changes something has to come with the own origin.
 */
export function ownOriginOnly(): MiddlewareHandler {
  return async (context, next) => {
    const { host = '', origin, 'sec-fetch-site': site = 'none' } = context.req.header();
    const isOwnHost = /^(?:127\.0\.0\.1|localhost):\d+$/.test(host);
    const isOwnSite = site === 'none' || site === 'same-origin';
    const isOwnOrigin = origin === `http://${host}` || (origin === undefined && context.req.method === 'GET');
    if (isOwnHost && isOwnSite && isOwnOrigin) return next();
    return context.text('This page answers to its own origin only. Open it at the address that the command printed.\n', 403);
  };
}
