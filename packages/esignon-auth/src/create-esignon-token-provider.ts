import type { TokenProvider } from '@x/auth-core';
import { askPassword, createTokenProvider } from '@x/auth-core/provider';

import { isRejection } from './is-rejection.ts';
import { login } from './login.ts';
import { checkEsignonOptions, type EsignonOptions } from './options.ts';

/**
 * A provider of eSignon tokens: `Authorization: esignon <token>` [V], sent to the origin of `baseUrl` only. A token is valid for some 30 days [V]; its end
 * is read from `expire_date`, and where that cannot be read it is kept for `fallbackLifetime`. Whether a new login ends the
 * older token is not documented [A], so several processes should share one through `store`.
 *
 * @throws AuthError `CONFIG` that names every wrong option; `STORE` where the store does not fit. Nothing is sent before a token is asked for.
 */
export function createEsignonTokenProvider(options: EsignonOptions): TokenProvider {
  const account = checkEsignonOptions(options);
  return createTokenProvider(
    {
      name: 'esignon',
      origins: [new URL(account.baseUrl).origin],
      identity: [account.baseUrl, account.companyId, account.email],
      secret: askPassword(account.password),
      login: (context) => login(account, context),
      isRejection,
    },
    options,
  );
}
