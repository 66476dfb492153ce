import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createDolibarrTokenProvider}. */
export interface DolibarrOptions extends TokenProviderOptions {
  /** The URL of the API: `https://erp.example.com/api/index.php`. */
  baseUrl: string;
  user: string;
  password: author.PasswordOption;
}

const optionsSchema = (allowInsecure = false) =>
  v.object({
    ...author.tokenProviderOptionEntries,
    baseUrl: author.baseUrlSchema(allowInsecure),
    user: v.pipe(v.string(), v.nonEmpty('is empty')),
    password: author.passwordSchema,
  });

const answerSchema = v.object({ success: v.object({ token: v.string() }) });
const errorSchema = v.pipe(v.string(), v.parseJson(), v.object({ error: v.object({ message: v.string() }) }));

/**
 * Dolibarr ERP, by the reference of its REST API (class `Login`) and the wiki page on the REST module: the login returns the user's API key, always the same
 * one until somebody resets it; it has no end and goes into the header `DOLAPIKEY`. 403 says "Access denied" of wrong credentials, and something else
 * where the login is switched off or the user lacks the right. A key that was reset is 401.
 */
export function createDolibarrTokenProvider(options: DolibarrOptions): TokenProvider {
  const { baseUrl, user, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'dolibarr');
  return author.createTokenProvider(
    {
      name: 'dolibarr',
      baseUrl,
      identity: [baseUrl, user],
      secret: author.askPassword(password),
      requestHeaders: ({ value }) => ({ dolapikey: value }),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const json = { login: user, password: context.secret };
        const response = await author.sendLoginRequest({ provider: 'dolibarr', url: new URL(`${baseUrl}/login`), json }, context);
        if (response.status >= 400) {
          const failure = v.safeParse(errorSchema, response.text);
          const vendorMessage = failure.success ? failure.output.error.message : undefined;
          const refusal = vendorMessage?.includes('Access denied') === true ? 'INVALID_CREDENTIALS' : 'NOT_ALLOWED';
          const code = response.status === 403 ? refusal : 'VENDOR_ERROR';
          const told = { provider: 'dolibarr', message: 'check the user and the password', secrets: [context.secret ?? ''] };
          throw author.vendorError(response, { ...told, code, vendorMessage });
        }
        return { value: author.parseLoginResponse(answerSchema, response, 'dolibarr').success.token };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
