import { expect, it } from 'vitest';

import { proxyFor } from '../src/dispatcher.ts';
import { UsageError } from '../src/usage-error.ts';

const url = new URL('https://docs.esignon.net/api');

it.each([
  [{ HTTPS_PROXY: 'http://proxy.example:3128' }, 'http://proxy.example:3128'],
  [{ https_proxy: 'proxy.example:3128' }, 'http://proxy.example:3128'],
  [{ https_proxy: 'http://user:secret@lower.example', HTTPS_PROXY: 'http://upper.example' }, 'http://lower.example'],
  [{ HTTP_PROXY: 'http://proxy.example' }, undefined],
  [{ HTTPS_PROXY: '' }, undefined],
])('with %j an https URL goes through %s', (env, proxy) => {
  expect(proxyFor(url, env)?.shown).toBe(proxy);
});

it.each([
  ['docs.esignon.net', false],
  ['esignon.net', false],
  ['.esignon.net', false],
  ['*.esignon.net', false],
  ['other.example, docs.esignon.net:443', false],
  ['*', false],
  ['signon.net', true],
  ['docs.esignon.net:8443', true],
  ['', true],
])('with NO_PROXY=%j the proxy is used: %j', (NO_PROXY, isUsed) => {
  expect(proxyFor(url, { HTTPS_PROXY: 'http://proxy.example', NO_PROXY }) !== undefined).toBe(isUsed);
});

it.each([
  ['vendor.example:80', false],
  ['vendor.example:443', true],
])('the port of an http URL that names none is 80: with NO_PROXY=%s the proxy is used: %j', (no_proxy, isUsed) => {
  const env = { http_proxy: 'http://proxy.example', no_proxy };
  expect(proxyFor(new URL('http://vendor.example/api'), env) !== undefined).toBe(isUsed);
});

it.each(['ftp://user:secret@proxy.example', 'http://user:secret@', 'user:secret@proxy.example:port'])(
  'a proxy that is no URL of HTTP is wrong usage, and is not quoted: %s',
  (HTTPS_PROXY) => {
    expect(() => proxyFor(url, { HTTPS_PROXY })).toThrow(new UsageError('HTTPS_PROXY: expected a URL like http://proxy.example:3128'));
  },
);
