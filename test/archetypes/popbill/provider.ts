import { createHmac, hash } from 'node:crypto';
import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** `corpNum` is the member's business registration number; `secretKey` is in base64. */
export interface PopbillOptions extends TokenProviderOptions {
  baseUrl?: string | undefined;
  authUrl?: string | undefined;
  linkId: string;
  corpNum: string;
  secretKey: author.PasswordOption;
}

const optionsSchema = (allowInsecure = false) =>
  v.object({
    ...author.tokenProviderOptionEntries,
    baseUrl: v.optional(author.baseUrlSchema(allowInsecure), 'https://popbill.linkhub.co.kr'),
    authUrl: v.optional(author.baseUrlSchema(allowInsecure), 'https://auth.linkhub.co.kr'),
    ...v.entriesFromList(['linkId', 'corpNum'], v.string()),
    secretKey: author.passwordSchema,
  });

/**
 * Popbill, by its developers' pages on authentication and error codes and its published clients (signature 2.0): the secret key signs body, date and
 * path and never travels. A dead token is code -10000033 or -10000034; the HTTP statuses of failures are assumed.
 */
export function createPopbillTokenProvider(options: PopbillOptions): TokenProvider {
  const { baseUrl, authUrl, linkId, corpNum, secretKey } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'popbill');
  return author.createTokenProvider(
    {
      name: 'popbill',
      baseUrl,
      identity: [authUrl, linkId, corpNum],
      secret: author.askPassword(secretKey),
      isRejection({ status, body, complete = false }) {
        if (status !== 400) return status === 401;
        const code = author.readJsonPrefix(body ?? '', ['code'], complete);
        return code === 'need-more' ? 'need-body' : code !== 'absent' && [-10000033, -10000034].includes(Number(code.found));
      },
      async login(context) {
        const { secret = '' } = context;
        const url = new URL(`${authUrl}/POPBILL/Token`);
        const body = JSON.stringify({ access_id: corpNum, scope: ['member'] });
        const date = `${new Date(context.now()).toISOString().slice(0, 19)}Z`;
        const signed = `POST\n${hash('sha256', body, 'base64')}\n${date}\n2.0\n${url.pathname}`;
        const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64');
        const stamp = { 'x-lh-date': date, 'x-lh-version': '2.0' };
        const headers = { ...stamp, authorization: `LINKHUB ${linkId} ${mac}`, 'content-type': 'application/json' };
        const response = await author.sendLoginRequest({ provider: 'popbill', url, headers, body }, context);
        const { status } = response;
        const code = [401, 403].includes(status) ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400) throw author.vendorError(response, { provider: 'popbill', code, message: 'check the keys', secrets: [secret] });
        const answer = author.parseLoginResponse(v.object({ session_token: v.string(), expiration: v.string() }), response, 'popbill');
        return { value: answer.session_token, scheme: 'Bearer', expiresAt: Date.parse(answer.expiration) || 'unknown' };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
