import type { TokenProvider } from '@x/auth-core';
import { askPassword, createTokenProvider } from '@x/auth-core/provider';

import { isRejection } from './is-rejection.ts';
import { login } from './login.ts';
import { checkDatacomsysOptions, type DatacomsysOptions } from './options.ts';

/**
 * A provider of DataComSys tokens: `Authorization: <token>`, the value alone [S], sent to the origin of `baseUrl` only. The token is permanent [S]: it is
 * kept until the vendor refuses it.
 *
 * @throws AuthError `CONFIG` that names every wrong option; `STORE` where the store does not fit. Nothing is sent before a token is asked for.
 */
export function createDatacomsysTokenProvider(options: DatacomsysOptions): TokenProvider {
  const account = checkDatacomsysOptions(options);
  return createTokenProvider(
    {
      name: 'datacomsys',
      origins: [new URL(account.baseUrl).origin],
      identity: [account.baseUrl, account.codePort, String(account.idERP)],
      secret: askPassword(account.password),
      login: (context) => login(account, context),
      isRejection,
    },
    options,
  );
}
