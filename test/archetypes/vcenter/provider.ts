import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createVcenterTokenProvider}. */
export interface VcenterOptions extends TokenProviderOptions {
  /** The URL of the API: `https://vcenter.example.com/api`. */
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

const answerSchema = v.string();

/**
 * VMware vCenter, by the vSphere Automation API reference ("Cis Session: create"): a POST without a body and with Basic authentication, answered by 201 and
 * the session id as a JSON string, which goes into a header of its own. It does not tell when an idle session ends. 401 is both: wrong
 * credentials, and a session that is over.
 */
export function createVcenterTokenProvider(options: VcenterOptions): TokenProvider {
  const { baseUrl, user, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'vcenter');
  return author.createTokenProvider(
    {
      name: 'vcenter',
      baseUrl,
      identity: [baseUrl, user],
      secret: author.askPassword(password),
      requestHeaders: ({ value }) => ({ 'vmware-api-session-id': value }),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const { secret = '' } = context;
        const basic = Buffer.from(`${user}:${secret}`).toString('base64');
        const request = { provider: 'vcenter', url: new URL(`${baseUrl}/session`), secrets: [secret, basic] };
        const response = await author.sendLoginRequest({ ...request, headers: { authorization: `Basic ${basic}` } }, context);
        const { status } = response;
        const code = status === 401 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400)
          throw author.vendorError(response, { provider: 'vcenter', code, message: 'check the account', secrets: [secret, basic] });
        return { value: author.parseLoginResponse(answerSchema, response, 'vcenter'), expiresAt: 'unknown' };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
