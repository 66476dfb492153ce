import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createZabbixTokenProvider}. */
export interface ZabbixOptions extends TokenProviderOptions {
  /** The URL of the frontend: `https://example.com/zabbix`. */
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
  v.object({ result: v.string() }),
  v.object({ error: v.object({ code: v.number(), message: v.string(), data: v.optional(v.string()) }) }),
]);
const sessionEnded = ['Session terminated, re-login, please.', 'Not authorized.', 'Not authorised.'];

/**
 * Zabbix, by the manual's pages on the API and on `user.login`: JSON-RPC at one URL, the token sent as a bearer token. Failures come with HTTP 200 and an
 * `error`; that of a session that ended is told by its text alone, since its code (-32602) stands for any wrong parameter. A session ends after the
 * user's own auto-logout time, which the login does not tell.
 */
export function createZabbixTokenProvider(options: ZabbixOptions): TokenProvider {
  const { baseUrl, user, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'zabbix');
  return author.createTokenProvider(
    {
      name: 'zabbix',
      baseUrl,
      identity: [baseUrl, user],
      secret: author.askPassword(password),
      isRejection({ status, body, complete = false }) {
        if (status !== 200) return status === 401;
        const data = author.readJsonPrefix(body ?? '', ['error', 'data'], complete);
        return data === 'need-more' ? 'need-body' : data !== 'absent' && sessionEnded.includes(String(data.found));
      },
      async login(context) {
        const json = { jsonrpc: '2.0', method: 'user.login', params: { username: user, password: context.secret }, id: 1 };
        const response = await author.sendLoginRequest({ provider: 'zabbix', url: new URL(`${baseUrl}/api_jsonrpc.php`), json }, context);
        const failure = { provider: 'zabbix', message: 'the login failed', secrets: [context.secret ?? ''] };
        if (response.status >= 400) throw author.vendorError(response, { ...failure, code: 'VENDOR_ERROR' });
        const answer = author.parseLoginResponse(answerSchema, response, 'zabbix');
        if ('result' in answer) return { value: answer.result, scheme: 'Bearer', expiresAt: 'unknown' };
        const { code, data } = answer.error;
        const vendor = { vendorCode: String(code), vendorMessage: data };
        throw author.vendorError(response, { ...failure, ...vendor, code: code === -32500 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR' });
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
