import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createKeystoneTokenProvider}. */
export interface KeystoneOptions extends TokenProviderOptions {
  /** The URL of the API: `https://cloud.example.com:5000/v3`. */
  baseUrl: string;
  user: string;
  /** The id of the user's domain. Default: `default`. */
  domain?: string | undefined;
  password: author.PasswordOption;
}

const optionsSchema = (allowInsecure = false) =>
  v.object({
    ...author.tokenProviderOptionEntries,
    baseUrl: author.baseUrlSchema(allowInsecure),
    user: v.pipe(v.string(), v.nonEmpty('is empty')),
    domain: v.optional(v.string(), 'default'),
    password: author.passwordSchema,
  });

const answerSchema = v.object({ token: v.object({ expires_at: v.string() }) });

/**
 * OpenStack Keystone, by the Identity API v3 reference ("Password authentication with unscoped authorization"): 201 with the token in a header of the
 * answer and its end in the body; sent as `X-Auth-Token`. 401 is both: wrong credentials, and a dead token.
 */
export function createKeystoneTokenProvider(options: KeystoneOptions): TokenProvider {
  const { baseUrl, user, domain, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'keystone');
  return author.createTokenProvider(
    {
      name: 'keystone',
      baseUrl,
      identity: [baseUrl, domain, user],
      secret: author.askPassword(password),
      requestHeaders: ({ value }) => ({ 'x-auth-token': value }),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const { secret = '' } = context;
        const identity = { methods: ['password'], password: { user: { name: user, domain: { id: domain }, password: secret } } };
        const request = { provider: 'keystone', url: new URL(`${baseUrl}/auth/tokens`), json: { auth: { identity } } };
        const response = await author.sendLoginRequest(request, context);
        const { status } = response;
        const code = status === 401 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400)
          throw author.vendorError(response, { provider: 'keystone', code, message: 'check the account', secrets: [secret] });
        const { token } = author.parseLoginResponse(answerSchema, response, 'keystone');
        return { value: response.header('x-subject-token') ?? '', expiresAt: Date.parse(token.expires_at) || 'unknown' };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
