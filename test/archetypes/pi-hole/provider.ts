import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createPiHoleTokenProvider}. */
export interface PiHoleOptions extends TokenProviderOptions {
  /** The URL of the API: `https://pi.hole/api`. */
  baseUrl: string;
  password: author.PasswordOption;
}

const optionsSchema = (allowInsecure = false) =>
  v.object({
    ...author.tokenProviderOptionEntries,
    baseUrl: author.baseUrlSchema(allowInsecure),

    password: author.passwordSchema,
  });

const answerSchema = v.object({ session: v.object({ sid: v.string(), validity: v.number() }) });

/**
 * Pi-hole 6, by its documentation of the API ("Authentication"): a password without a user name, and a session id with its validity in seconds, which goes into
 * a header. Requests extend a session, so that its end as told is the earliest one. 401 is both: a wrong password, and a session that is over.
 */
export function createPiHoleTokenProvider(options: PiHoleOptions): TokenProvider {
  const { baseUrl, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'pi-hole');
  return author.createTokenProvider(
    {
      name: 'pi-hole',
      baseUrl,
      identity: baseUrl,
      secret: author.askPassword(password),
      requestHeaders: ({ value }) => ({ 'x-ftl-sid': value }),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const { secret = '' } = context;
        const json = { password: secret };
        const response = await author.sendLoginRequest({ provider: 'pi-hole', url: new URL(`${baseUrl}/auth`), json }, context);
        const { status } = response;
        const code = status === 401 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400)
          throw author.vendorError(response, { provider: 'pi-hole', code, message: 'check the account', secrets: [secret] });
        const { session } = author.parseLoginResponse(answerSchema, response, 'pi-hole');
        return { value: session.sid, expiresAt: context.now() + session.validity * 1000 };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
