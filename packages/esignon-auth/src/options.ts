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

/** How to log in to eSignon, and everything that {@link TokenProviderOptions} has. */
export interface EsignonOptions extends TokenProviderOptions {
  /** The company id: a segment of the login's path [S]. */
  companyId: string;
  /** The user's e-mail address; what one looks like is the vendor's business. */
  email: string;
  /** The user's password, or a function that is asked for it before each login. */
  password: PasswordOption;
  /** Where the API is, a path prefix included. Default `https://docs.esignon.net` [S]. The token goes to its origin only. */
  baseUrl?: string | undefined;
  /** The language of the vendor's messages [V]. Default: the vendor's own. */
  language?: 'ko' | 'en' | 'ja' | undefined;
  /** An id that eSignon issued to companies that enrolled early [V]; left out by default. */
  clientId?: string | undefined;
}

/** The options that concern the login, checked. */
export type EsignonAccount = Omit<EsignonOptions, keyof TokenProviderOptions | 'baseUrl'> & { baseUrl: string };

const defaultBaseUrl = 'https://docs.esignon.net';
const text = v.pipe(v.string(), v.nonEmpty('is empty'));

const pathSegment = v.pipe(
  text,
  v.check((id) => id !== '.' && id !== '..', 'cannot be a path segment'),
  v.check((id) => !/\p{Surrogate}/u.test(id), 'is not well-formed text'),
);

/** @throws AuthError `CONFIG` that names every wrong field and quotes no value. */
export function checkEsignonOptions(options: EsignonOptions): EsignonAccount {
  const allowInsecure = typeof options === 'object' && options?.allowInsecure === true;
  const schema = v.object({
    ...tokenProviderOptionEntries,
    companyId: pathSegment,
    email: text,
    password: passwordSchema,
    baseUrl: v.optional(baseUrlSchema(allowInsecure)),
    language: v.optional(v.picklist(['ko', 'en', 'ja'])),
    clientId: v.optional(text),
  });
  const { companyId, email, password, baseUrl = defaultBaseUrl, language, clientId } = parseOptions(schema, options, 'esignon');
  return { companyId, email, password, baseUrl, language, clientId };
}

/**
 * Reads `ESIGNON_COMPANY_ID`, `ESIGNON_EMAIL`, `ESIGNON_PASSWORD` and, if set, `ESIGNON_BASE_URL`. An empty variable counts as not set.
 *
 * @throws AuthError `CONFIG` that names every variable that is missing, or there under a misspelt name.
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
