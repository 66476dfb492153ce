import fc from 'fast-check';
import { expect, it } from 'vitest';

import { joinBelow } from '../src/base-url.ts';
import { times } from './helpers/times.ts';

const numRuns = times({ usually: 2_000, full: 50_000 });

const base = fc
  .tuple(
    fc.constantFrom('https://api.example.com', 'http://127.0.0.1:8080', 'https://[::1]'),
    fc.constantFrom('', '/v1', '/a/b', '/a%2eb', '/ä'),
  )
  .map(([origin, prefix]) => new URL(origin + prefix).href.replace(/\/+$/, ''));

/** What a path may be made of to lead out: dots in every spelling, slashes, schemes, authorities, what the URL parser removes. */
const parts = [
  './.. . .. / // \\ %2e %2E .%2e %2e. %2f %5c ? # @ : https: javascript: 127.0.0.1 evil.example ． 。 ／ a v1 ä % %zz ; & ..; /../v1a /../b2'.split(
    ' ',
  ),
  ['\t', '\n', '\r', ' ', '\u0000', '\ufeff'],
].flat();
const anyPath = fc.oneof(fc.string({ unit: fc.constantFrom(...parts), maxLength: 12 }), fc.webPath(), fc.string({ unit: 'binary' }));

it('no path leads out of the base URL: it is below it, or there is none', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(base, anyPath, (baseUrl, text) => {
      const joined = joinBelow(baseUrl, text);
      // What a URL parser takes for a URL of its own is refused, and not written anew.
      const taken = URL.canParse(text, `${baseUrl}/`) ? new URL(text, `${baseUrl}/`) : undefined;
      if (taken !== undefined && taken.origin !== new URL(baseUrl).origin) expect(joined).toBeUndefined();
      if (joined === undefined) return;
      const [url, root] = [new URL(joined), new URL(baseUrl)];
      const prefix = root.pathname.replace(/\/$/, '');
      expect([url.origin, url.username, url.password]).toEqual([root.origin, '', '']);
      expect(url.pathname === prefix || url.pathname.startsWith(`${prefix}/`)).toBe(true);
      // Nor does a server leave it that decodes the slashes of a path before it resolves the dots.
      const decoded = new URL(root.origin + prefix + url.pathname.slice(prefix.length).replaceAll(/%2f|%5c/gi, '/'));
      expect(decoded.pathname === prefix || decoded.pathname.startsWith(`${prefix}/`)).toBe(true);
      // Whoever parses it once more gets the same.
      expect(url.href).toBe(joined);
    }),
    { numRuns },
  );
});

it('an ordinary path goes below the base URL as it is, with or without a leading slash', { timeout: 60_000 }, () => {
  const segment = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~'.split('')), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(base, fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean(), (baseUrl, segments, slash) => {
      expect(joinBelow(baseUrl, (slash ? '/' : '') + segments.join('/'))).toBe(`${baseUrl}/${segments.join('/')}`);
    }),
    { numRuns },
  );
});
