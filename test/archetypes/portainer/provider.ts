import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createPortainerTokenProvider}. */
export interface PortainerOptions extends TokenProviderOptions {
  /** The URL of the API: `https://portainer.example.com/api`. */
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

const answerSchema = v.object({ jwt: v.string() });

/**
 * Portainer, by its API documentation and usage examples ("Authenticate against the API"): a JWT, sent as a bearer token, whose claim `exp` is its end
 * (8 hours by default). Wrong credentials are 422, a dead token is 401.
 */
export function createPortainerTokenProvider(options: PortainerOptions): TokenProvider {
  const { baseUrl, user, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'portainer');
  return author.createTokenProvider(
    {
      name: 'portainer',
      baseUrl,
      identity: [baseUrl, user],
      secret: author.askPassword(password),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const { secret = '' } = context;
        const json = { Username: user, Password: secret };
        const response = await author.sendLoginRequest({ provider: 'portainer', url: new URL(`${baseUrl}/auth`), json }, context);
        const { status } = response;
        const code = status === 422 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400)
          throw author.vendorError(response, { provider: 'portainer', code, message: 'check the account', secrets: [secret] });
        const { jwt } = author.parseLoginResponse(answerSchema, response, 'portainer');
        return { value: jwt, scheme: 'Bearer', expiresAt: author.jwtExpiry(jwt) };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
