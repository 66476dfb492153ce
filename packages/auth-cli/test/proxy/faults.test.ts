import { createEsignonTokenProvider } from '@x/esignon-auth';
import { type EsignonFault, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';

import { proxyOf } from './helpers.ts';

const faults: readonly EsignonFault[] = [
  'reset',
  'cut',
  'garbage',
  'oversize',
  'flood',
  { status: 500 },
  { status: 429, retryAfter: 1 },
  { status: 503, body: 'not now' },
  { redirect: 'http://127.0.0.1:1/' },
  { result: '94' },
  { result: '99' },
  {
    answer: ({ body, headers }) => ({
      status: 400,
      headers: { 'x-echo': String(headers.authorization) },
      json: { echo: headers.authorization, body },
    }),
  },
  { answer: ({ body, headers }) => ({ status: 200, text: `<html>${String(headers.authorization)} ${body}` }) },
];

/** All that a caller can see of an answer, also where it breaks off. */
async function see(url: string, headers: Record<string, string>): Promise<string> {
  const answer = await request(url, { headers });
  const text = await answer.body.text().catch((error: unknown) => String(error));
  return JSON.stringify([answer.statusCode, answer.headers, text]);
}

describe.each(['login', 'call'] as const)('a fault of a %s', (on) => {
  it.each(
    faults.map(
      (fault) =>
        [typeof fault === 'object' && 'answer' in fault ? `an echo: ${String(fault.answer)}` : JSON.stringify(fault), fault] as const,
    ),
  )('shows no secret to the caller or in the log, and the next call but one is served: %s', async (_name, fault) => {
    await using sandbox = await startEsignonSandbox();
    const { companyId, email, password } = sandbox.accounts[0];
    const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url, retries: 0 });
    await using proxy = await proxyOf(provider);
    sandbox.fail(fault, { on });
    const seen = await see(`${proxy.url}/api/v2/company`, proxy.authorization);
    // The pause after a failed login is not what is tested here.
    if (on === 'login') await provider.forget();
    const next = await see(`${proxy.url}/api/v2/company`, proxy.authorization);
    expect(next).toContain('\\"result_code\\":\\"00\\"');
    const shown = seen + next + JSON.stringify(proxy.log);
    const { value } = await provider.getToken();
    for (const secret of [value, password, proxy.key]) expect(shown).not.toContain(secret);
    expect(proxy.log).toHaveLength(2);
  });
});
