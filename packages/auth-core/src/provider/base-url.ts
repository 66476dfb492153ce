import * as v from 'valibot';

import { isSecureOrigin } from '../secure-origin.ts';

/**
 * The schema of a `baseUrl` option: an http(s) URL with or without a path prefix, and nothing behind it. Plain http is refused except on loopback or
 * with `allowInsecure`. What comes out has one spelling, without a slash at the end, so that it can be part of an account's identity.
 */
export function baseUrlSchema(allowInsecure: boolean): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.check((text) => isHttpUrl(text), 'expected an absolute URL, like https://api.example.com'),
    v.check((text) => !isHttpUrl(text) || isBare(new URL(text)), 'expected a URL without user name, password, query and fragment'),
    v.check(
      (text) => allowInsecure || !isHttpUrl(text) || isSecureOrigin(new URL(text)),
      'plain http is refused except on loopback: the password would travel in the clear (allowInsecure permits it)',
    ),
    v.transform((text) => (isHttpUrl(text) ? new URL(text).href.replace(/\/+$/, '') : text)),
  );
}

/**
 * The URL of an endpoint below a base URL, whose path prefix is kept. Each segment is one path segment, whatever it holds.
 *
 * @throws RangeError for `.` and `..`, which no URL can carry as a segment; URIError for a lone surrogate. Check the options for them.
 */
export function endpointUrl(baseUrl: string, segments: readonly string[]): URL {
  if (segments.some((segment) => segment === '.' || segment === '..')) throw new RangeError('"." and ".." cannot be path segments');
  const url = new URL(baseUrl);
  const prefix = url.pathname.replace(/\/+$/, '');
  url.pathname = [prefix, ...segments.map((segment) => encodeURIComponent(segment))].join('/');
  return url;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isBare(url: URL): boolean {
  return (
    url.username === '' && url.password === '' && url.search === '' && url.hash === '' && !url.href.endsWith('?') && !url.href.endsWith('#')
  );
}
