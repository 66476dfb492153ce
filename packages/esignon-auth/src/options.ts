import type { TokenProviderOptions } from '@x/auth-core';
import {
  baseUrlSchema,
  parseOptions,
  type PasswordOption,
  passwordSchema,
  readEnv,
  tokenProviderOptionEntries,
} from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of `createEsignonTokenProvider`: the eSignon account, and all {@link TokenProviderOptions}. */
export interface EsignonOptions extends TokenProviderOptions {
  /** The company id, a segment of the login's path [S]. */
  companyId: string;
  /** The user's e-mail address. Its format is not checked. */
  email: string;
  /** The user's password, or a function that is called before each login and returns it. */
  password: PasswordOption;
  /** The base URL of the API, with or without a path prefix. Default `https://docs.esignon.net` [S]. The token is sent to its origin only. */
  baseUrl?: string | undefined;
  /** The language of the vendor's messages [V]. Default: the vendor's default. */
  language?: 'ko' | 'en' | 'ja' | undefined;
  /** The client id that eSignon issued to companies that enrolled early [V]. Default: none. */
  clientId?: string | undefined;
}

/** The options that the login needs, checked. */
export type EsignonAccount = ReturnType<typeof checkEsignonOptions>;

const text = v.pipe(v.string(), v.nonEmpty('is empty'));

const pathSegment = v.pipe(
  text,
  v.check((id) => id !== '.' && id !== '..', 'cannot be a path segment'),
  v.check((id) => !/\p{Surrogate}/u.test(id), 'is not well-formed text'),
);

/** The valibot schema of {@link EsignonOptions}. */
export function esignonOptionsSchema(allowInsecure: boolean) {
  return v.object({
    ...tokenProviderOptionEntries,
    companyId: pathSegment,
    email: text,
    password: passwordSchema,
    baseUrl: v.optional(baseUrlSchema(allowInsecure)),
    language: v.optional(v.picklist(['ko', 'en', 'ja'])),
    clientId: v.optional(text),
  });
}

/** @throws AuthError `CONFIG` that names every wrong field and quotes no value. */
export function checkEsignonOptions(options: EsignonOptions) {
  const schema = esignonOptionsSchema(typeof options === 'object' && options?.allowInsecure === true);
  const { companyId, email, password, baseUrl, language, clientId } = parseOptions(schema, options, 'esignon');
  return { companyId, email, password, baseUrl: baseUrl ?? 'https://docs.esignon.net', language, clientId };
}

/**
 * Reads `ESIGNON_COMPANY_ID`, `ESIGNON_EMAIL`, `ESIGNON_PASSWORD` and, if set, `ESIGNON_BASE_URL`. An empty variable counts as not set.
 *
 * @throws AuthError `CONFIG` that names every missing variable and every misspelt name.
 */
export function esignonOptionsFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): EsignonOptions {
  const found = readEnv(env, 'esignon', ['ESIGNON_COMPANY_ID', 'ESIGNON_EMAIL', 'ESIGNON_PASSWORD'], ['ESIGNON_BASE_URL']);
  return {
    companyId: found.ESIGNON_COMPANY_ID,
    email: found.ESIGNON_EMAIL,
    password: found.ESIGNON_PASSWORD,
    ...(found.ESIGNON_BASE_URL === undefined ? {} : { baseUrl: found.ESIGNON_BASE_URL }),
  };
}
