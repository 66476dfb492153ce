import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createSynologyTokenProvider}. */
export interface SynologyOptions extends TokenProviderOptions {
  /** The URL of the API: `https://nas.example.com:5001/webapi`. */
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

const answerSchema = v.union([
  v.object({ success: v.literal(true), data: v.object({ synotoken: v.string() }) }),
  v.object({ success: v.literal(false), error: v.object({ code: v.number() }) }),
]);

/**
 * Synology DSM, by the "DSM Login Web API Guide": a form login that sets the cookie `id` and returns a token against forged requests for a header. Every
 * answer has HTTP 200; `error.code` tells a session that is over (106, 107, 119) and refused logins (400 to 410). The end is not told.
 */
export function createSynologyTokenProvider(options: SynologyOptions): TokenProvider {
  const { baseUrl, user, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'synology');
  return author.createTokenProvider(
    {
      name: 'synology',
      baseUrl,
      identity: [baseUrl, user],
      secret: author.askPassword(password),
      requestHeaders: ({ value, extra }) => ({ cookie: `id=${value}`, 'x-syno-token': extra?.['synotoken'] ?? '' }),
      isRejection({ status, body, complete = false }) {
        if (status !== 200) return false;
        const code = author.readJsonPrefix(body ?? '', ['error', 'code'], complete);
        return code === 'need-more' ? 'need-body' : code !== 'absent' && [106, 107, 119].includes(Number(code.found));
      },
      async login(context) {
        const call = { api: 'SYNO.API.Auth', version: '7', method: 'login', format: 'cookie', enable_syno_token: 'yes' };
        const form = { ...call, account: user, passwd: context.secret ?? '' };
        const request = { provider: 'synology', url: new URL(`${baseUrl}/entry.cgi`), form };
        const response = await author.sendLoginRequest(request, context);
        const failure = { provider: 'synology', message: 'the login failed', secrets: [form.passwd] };
        if (response.status >= 400) throw author.vendorError(response, { ...failure, code: 'VENDOR_ERROR' });
        const answer = author.parseLoginResponse(answerSchema, response, 'synology');
        if (answer.success) return { value: response.cookie('id') ?? '', extra: answer.data, expiresAt: 'unknown' };
        const { code } = answer.error;
        const meaning = code === 400 ? 'INVALID_CREDENTIALS' : code > 400 && code <= 410 ? 'NOT_ALLOWED' : 'VENDOR_ERROR';
        throw author.vendorError(response, { ...failure, code: meaning, vendorCode: String(code) });
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
