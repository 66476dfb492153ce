import { describe, expect, it } from 'vitest';

import { parseAllowRule } from '../../src/proxy/allow.ts';
import { proxyOf, refusalIn, sendRaw, startServer, testVendor } from './helpers.ts';

function allows(rule: string, request: string): boolean {
  const [method = '', target = ''] = request.split(' ');
  return parseAllowRule(rule)?.(method, target) ?? expect.fail('this is no rule');
}

describe('--allow lets through', () => {
  it.each([
    ['GET /api/v2/company', 'GET /api/v2/company'],
    ['GET /api/v2/company', 'HEAD /api/v2/company?offset=1'],
    ['GET /api/v2/company', 'GET /api/v2/%63ompany'],
    ['GET /api/v2/*', 'GET /api/v2/company'],
    ['GET /api/v2/*', 'GET /api/v2/a/b/c?d=../e'],
    ['* /api/*', 'DELETE /api/v2'],
    ['GET /api/*/company', 'GET /api/v3/company'],
    ['GET /*', 'GET /'],
  ])('with %s the request %s', (rule, request) => expect(allows(rule, request)).toBe(true));
});

describe('--allow keeps back', () => {
  it.each([
    ['GET /api/v2/company', 'POST /api/v2/company'],
    ['HEAD /api/v2/company', 'GET /api/v2/company'],
    ['GET /api/v2/company', 'GET /api/v2/company/x'],
    ['GET /api/v2/company', 'GET /api/v2/company;x=1'],
    ['GET /api/v2/company', 'GET /api/v2/Company'],
    ['GET /api/v2/*', 'GET /api/v2'],
    ['GET /api/v2/*', 'GET /api/v20/company'],
    ['GET /api/v2/*', 'GET /api/v2%2fcompany'],
    ['GET /api/*/company', 'GET /api/a%2fb/company'],
    ['GET /api/*/company', 'GET /api/a%252fb/company'],
    ['GET /api/v2/*', 'GET /api//v2/company'],
  ])('with %s the request %s', (rule, request) => expect(allows(rule, request)).toBe(false));
});

it.each(['/api', 'GET', 'get /api', 'GET api', 'GET /api/v*', 'GET /a?b', 'GET /a#b', 'GET /%zz', 'GET  /a'])('%s is no rule', (text) => {
  expect(parseAllowRule(text)).toBeUndefined();
});

it('with several rules each lets through, and what fits none is answered with 403 and not sent on', async () => {
  await using server = await startServer((_request, response) => void response.end('vendor'));
  await using proxy = await proxyOf(testVendor(server.url).provider, { allow: ['GET /api/v2/*', 'POST /api/v3/workflows/start'] });
  const send = (start: string): Promise<string> =>
    sendRaw(proxy.port, `${start} HTTP/1.1`, `host: ${proxy.host}`, `authorization: Bearer ${proxy.key}`, 'connection: close');
  expect(await send('GET /api/v2/company')).toContain('vendor');
  expect(await send('POST /api/v3/workflows/start')).toContain('vendor');
  expect(refusalIn(await send('DELETE /api/v2/company'))).toEqual({ status: 403, code: 'NOT_ALLOWED_HERE' });
  expect(server.requests).toHaveLength(2);
});
