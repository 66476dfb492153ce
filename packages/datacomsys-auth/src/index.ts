import type { TokenProvider } from '@x/auth-core';
import { askPassword, createTokenProvider, pickTokenProviderOptions } from '@x/auth-core/provider';

import { isRejection } from './is-rejection.ts';
import { login } from './login.ts';
import { checkDatacomsysOptions, type DatacomsysOptions } from './options.ts';

export * from '@x/auth-core';
export type { PasswordOption } from '@x/auth-core/provider';

export { type DatacomsysOptions, datacomsysOptionsFromEnv } from './options.ts';

/**
 * Creates a provider of DataComSys tokens: `Authorization: <token>`, the value alone [S], sent to the origin of `baseUrl` only. A token is permanent [S]: it
 * is used until the vendor rejects it.
 *
 * @throws AuthError `CONFIG` that names every wrong option; `STORE` if the store cannot be used as configured. Nothing is sent before a token is requested.
 */
export function createDatacomsysTokenProvider(options: DatacomsysOptions): TokenProvider {
  const account = checkDatacomsysOptions(options);
  return createTokenProvider(
    {
      name: 'datacomsys',
      baseUrl: account.baseUrl,
      identity: [account.baseUrl, account.codePort, String(account.idERP)],
      secret: askPassword(account.password),
      login: (context) => login(account, context),
      isRejection,
    },
    pickTokenProviderOptions(options),
  );
}
