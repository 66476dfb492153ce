import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createShiprocketTokenProvider}. */
export interface ShiprocketOptions extends TokenProviderOptions {
  /** Default: `https://apiv2.shiprocket.in/v1/external`. */
  baseUrl?: string | undefined;
  /** The e-mail address of the API user. */
  email: string;
  password: author.PasswordOption;
}

const optionsSchema = (allowInsecure = false) =>
  v.object({
    ...author.tokenProviderOptionEntries,
    baseUrl: v.optional(author.baseUrlSchema(allowInsecure), 'https://apiv2.shiprocket.in/v1/external'),
    email: v.pipe(v.string(), v.nonEmpty('is empty')),
    password: author.passwordSchema,
  });

const answerSchema = v.object({ token: v.string() });

/**
 * Shiprocket, by its API reference ("Generate token") and the help-centre article on the API: a JWT that is valid for ten days, sent as a bearer
 * token. A dead token is 401. How wrong credentials are answered is not documented: 400, 401 and 403 are all taken for that.
 */
export function createShiprocketTokenProvider(options: ShiprocketOptions): TokenProvider {
  const { baseUrl, email, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'shiprocket');
  return author.createTokenProvider(
    {
      name: 'shiprocket',
      baseUrl,
      identity: [baseUrl, email],
      secret: author.askPassword(password),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const { secret = '' } = context;
        const json = { email, password: secret };
        const request = { provider: 'shiprocket', url: new URL(`${baseUrl}/auth/login`), json };
        const response = await author.sendLoginRequest(request, context);
        const { status } = response;
        const code = [400, 401, 403].includes(status) ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400)
          throw author.vendorError(response, { provider: 'shiprocket', code, message: 'check the account', secrets: [secret] });
        const { token } = author.parseLoginResponse(answerSchema, response, 'shiprocket');
        return { value: token, scheme: 'Bearer', expiresAt: author.jwtExpiry(token) };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
