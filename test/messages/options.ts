import { formatAuthorization, memoryStore } from '@x/auth-core';
import { createTokenProviderPool, type TokenProviderPoolOptions, type WarmOptions } from '@x/auth-core';
import { endpointUrl, parseLoginResponse, sendLoginRequest } from '@x/auth-core/provider';
import { createDatacomsysTokenProvider, datacomsysOptionsFromEnv } from '@x/datacomsys-auth';
import { createEsignonTokenProvider, esignonOptionsFromEnv, type EsignonOptions } from '@x/esignon-auth';
import * as v from 'valibot';

import type { Situation } from './situation.ts';
import { password, providerOf } from './stage.ts';

const account = { companyId: 'acme', email: 'api@acme.example', password };
const port = { baseUrl: 'https://api.datacomsys.example/logapass', codePort: 'MTP', idERP: 15, password };

/** As a user without types may write it. */
const esignon = (options: object) => createEsignonTokenProvider({ ...account, ...options });
const datacomsys = (options: object) => createDatacomsysTokenProvider({ ...port, ...options });
const own = (options: object) => providerOf({}, options);

const ofVendors: readonly Situation[] = [
  { about: 'no options', stage: () => createEsignonTokenProvider(undefined as unknown as EsignonOptions) },
  { about: 'options without an account', stage: () => createEsignonTokenProvider({} as EsignonOptions) },
  { about: 'an option by another name', stage: () => esignon({ url: 'https://docs.esignon.net' }) },
  { about: 'an option that nobody knows', stage: () => esignon({ colour: 'red' }) },
  { about: 'baseUrl without a scheme', stage: () => esignon({ baseUrl: 'docs.esignon.net' }) },
  { about: 'baseUrl with a password in it', stage: () => esignon({ baseUrl: `https://user:${password}@docs.esignon.net` }) },
  { about: 'baseUrl of plain http', stage: () => esignon({ baseUrl: 'http://docs.esignon.net' }) },
  { about: 'a password with a line break', stage: () => esignon({ password: `${password}\n` }) },
  { about: 'an empty password', stage: () => esignon({ password: '' }) },
  { about: 'a password that is undefined', stage: () => esignon({ password: undefined }) },
  { about: 'a company id of two dots', stage: () => esignon({ companyId: '..' }) },
  { about: 'a company id that is no text', stage: () => esignon({ companyId: '\ud800', email: '' }) },
  { about: 'a language that eSignon does not have', stage: () => esignon({ language: 'fr' }) },
  { about: 'a port of four characters, an ERP that is no integer', stage: () => datacomsys({ codePort: 'MTPX', idERP: 1.5 }) },
  { about: 'no environment variables', stage: () => esignonOptionsFromEnv({}) },
  {
    about: 'environment variables by other names',
    stage: () => esignonOptionsFromEnv({ ESIGNON_COMPANY_ID: 'a', ESIGNON_EMAIL: 'a@b', ESIGNON_PASSWORD: password, ESIGNON_URL: 'x' }),
  },
  {
    about: 'an ERP in the environment that is no integer',
    stage: () =>
      datacomsysOptionsFromEnv({
        DATACOMSYS_BASE_URL: port.baseUrl,
        DATACOMSYS_CODE_PORT: 'MTP',
        DATACOMSYS_ID_ERP: 'fifteen',
        DATACOMSYS_PASSWORD: password,
      }),
  },
];

const numbers = { timeout: 0, attemptTimeout: -1, retries: 1.5, refreshBefore: -1, fallbackLifetime: 0, rejectionBudget: 'five' };

const ofAllProviders: readonly Situation[] = [
  { about: 'numbers out of their range', stage: () => own(numbers) },
  { about: 'options of other kinds', stage: () => own({ store: {}, dispatcher: 'x', clock: Date, random: 4, allowInsecure: 'yes' }) },
  { about: 'a protocol without its parts', stage: () => providerOf({ login: undefined, identity: undefined, name: '' }) },
  { about: 'an origin with a path', stage: () => providerOf({ origins: ['https://api.acme.example/v1'] }) },
  { about: 'no origin', stage: () => providerOf({ origins: [] }) },
  { about: 'origins without that of baseUrl', stage: () => providerOf({ origins: ['https://other.example'] }) },
  { about: 'an origin of plain http', stage: () => providerOf({ origins: ['https://api.acme.example', 'http://api.acme.example'] }) },
  { about: 'a method taken off its provider', stage: () => (0, providerOf({}).getToken)() },
];

const headers = (requestHeaders: unknown) => async () => {
  const provider = providerOf({ requestHeaders: () => requestHeaders });
  return provider.requestHeaders(await provider.getToken());
};

const ofSecrets: readonly Situation[] = [
  { about: 'a password function that throws', stage: () => providerOf({ secret: () => Promise.reject(new Error(password)) }).getToken() },
  { about: 'a password function that returns nothing', stage: () => providerOf({ secret: () => '' }).getToken() },
  { about: 'a password function that returns a line break', stage: () => providerOf({ secret: () => `${password}\n` }).getToken() },
  {
    about: 'a password function that takes too long',
    stage: () => providerOf({ secret: () => new Promise(() => undefined) }, { timeout: 60 }).getToken(),
  },
  { about: 'no header for the token', stage: headers({}) },
  { about: 'a header that no client sends', stage: headers({ host: 'x', 'x-token': 'a\nb' }) },
];

const context = { signal: new AbortController().signal, attempt: 1, now: () => 0 };
const send = (request: object) => sendLoginRequest({ provider: 'acme', url: new URL('http://127.0.0.1:9'), ...request }, context);

const answer = { status: 200, text: '1', header: () => undefined, cookie: () => undefined };

/** Mistakes of authors of providers, and of users of the other functions. */
const ofFunctions: readonly Situation[] = [
  { about: 'a login request to something that is no URL', stage: () => send({ url: '/login' }) },
  { about: 'a login request with a body that is no text', stage: () => send({ body: 5 }) },
  { about: 'a login request with two bodies', stage: () => send({ json: {}, form: {} }) },
  { about: 'a login request with JSON that is none', stage: () => send({ json: { amount: 1n } }) },
  {
    about: 'an answer that the schema of an author does not take',
    stage: () =>
      parseLoginResponse(
        v.pipe(
          v.unknown(),
          v.check(() => false),
        ),
        answer,
        'acme',
      ),
  },
  { about: 'a path segment of two dots', stage: () => endpointUrl('https://api.acme.example', ['..']) },
  { about: 'an await that is missing', stage: () => formatAuthorization(providerOf({}).getToken() as never) },
  { about: 'no token', stage: () => formatAuthorization(undefined as never) },
  { about: 'a pool for no provider', stage: () => pool({ max: 0 }) },
  {
    about: 'a pool that is warmed by nobody',
    stage: () => pool({}).warm(['a'], { concurrency: 0, onProgress: 'log', signal: 5 } as unknown as WarmOptions),
  },
  { about: 'an option of the store that nobody knows', stage: () => memoryStore({ maxEntries: 5 } as object) },
];

function pool(options: TokenProviderPoolOptions) {
  return createTokenProviderPool(() => providerOf({}), options);
}

export const options: readonly Situation[] = [...ofVendors, ...ofAllProviders, ...ofSecrets, ...ofFunctions];
