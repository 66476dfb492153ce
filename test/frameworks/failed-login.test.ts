import { type AuthError, createAuthFetch, isAuthError, type TokenProvider } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import { applications } from './frameworks.ts';

const password = 'a mistyped password';

/** Vendors that refuse the password, each with another HTTP status. */
const vendors: Readonly<Record<number, () => Promise<TokenProvider>>> = {
  200: async () => {
    const sandbox = await startEsignonSandbox();
    onTestFinished(() => sandbox.close());
    return createEsignonTokenProvider({ ...sandbox.accounts[0], baseUrl: sandbox.url, password });
  },
  401: async () => {
    const sandbox = await startDatacomsysSandbox();
    onTestFinished(() => sandbox.close());
    const [{ codePort, idERP }] = sandbox.accounts;
    return createDatacomsysTokenProvider({ baseUrl: sandbox.url, codePort, idERP, password });
  },
};

/** A route that calls the vendor, and the errors that it failed with. */
function routeTo(provider: TokenProvider): { route: () => Promise<unknown>; errors: unknown[] } {
  const errors: unknown[] = [];
  const route = async (): Promise<unknown> => {
    const response = await createAuthFetch(provider)('/account').catch((error: unknown) => {
      errors.push(error);
      throw error;
    });
    return response.json();
  };
  return { route, errors };
}

function refusal(errors: readonly unknown[]): AuthError {
  const [error] = errors;
  if (errors.length !== 1 || !isAuthError(error)) throw new Error('expected one AuthError');
  return error;
}

/** Who hands the error's message to the client. */
const talkative = ['Express 5', 'Fastify 5'];

// Most frameworks print an error that nobody handles, Express after it has answered.
beforeAll(() => void vi.spyOn(console, 'error').mockReturnValue());

describe.each(Object.entries(applications))('%s', (framework, answer) => {
  it.each(Object.entries(vendors))(
    `${framework} answers its client with 500 where the vendor refused the login with HTTP %s`,
    async (status, create) => {
      const { route, errors } = routeTo(await create());
      const { status: answered, body } = await answer(route);
      expect(refusal(errors)).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorStatus: Number(status) });
      expect(answered).toBe(500);
      expect(body).not.toContain(password);
      expect(body.includes(refusal(errors).message.slice(0, 20))).toBe(talkative.includes(framework));
    },
  );

  it(`${framework} answers with the route's result where the login works`, async () => {
    expect(await answer(async () => ({ works: true }))).toEqual({ status: 200, body: '{"works":true}' });
  });
});

it.each(Object.entries(vendors))('an error of a login refused with HTTP %s has no field that frameworks read', async (_, create) => {
  const { route, errors } = routeTo(await create());
  await expect(route()).rejects.toThrow('check');
  for (const field of ['status', 'statusCode', 'headers', 'expose']) expect(field in refusal(errors)).toBe(false);
});

it.each(Object.entries(applications).filter(([framework]) => framework !== 'Hono 4'))(
  '%s would answer its client with the status of an error that has one',
  async (_, answer) => {
    const rejected = async (): Promise<never> => Promise.reject(Object.assign(new Error('refused'), { status: 401, statusCode: 401 }));
    expect((await answer(rejected)).status).toBe(401);
  },
);
