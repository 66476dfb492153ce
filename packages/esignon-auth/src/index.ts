import type { TokenProvider } from '@x/auth-core';
import { askPassword, createTokenProvider, pickTokenProviderOptions } from '@x/auth-core/provider';

import { isRejection } from './is-rejection.ts';
import { login } from './login.ts';
import { checkEsignonOptions, type EsignonOptions } from './options.ts';

export * from '@x/auth-core';
export type { PasswordOption } from '@x/auth-core/provider';

export { type EsignonOptions, esignonOptionsFromEnv } from './options.ts';

/**
 * Creates a provider of eSignon tokens: `Authorization: esignon <token>` [V], sent to the origin of `baseUrl` only. A token is valid for about 30 days [V].
 * Its end is read from `expire_date`; where that cannot be read, a lifetime of `fallbackLifetime` is assumed. The vendor does not document whether a new
 * login ends the older token [A]: processes that use the same account should share a `store`.
 *
 * @throws AuthError `CONFIG` that names every wrong option; `STORE` if the store cannot be used as configured. Nothing is sent before a token is requested.
 */
export function createEsignonTokenProvider(options: EsignonOptions): TokenProvider {
  const account = checkEsignonOptions(options);
  return createTokenProvider(
    {
      name: 'esignon',
      baseUrl: account.baseUrl,
      identity: [account.baseUrl, account.companyId, account.email],
      secret: askPassword(account.password),
      login: (context) => login(account, context),
      isRejection,
    },
    pickTokenProviderOptions(options),
  );
}
