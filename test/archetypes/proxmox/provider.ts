import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import * as author from '@x/auth-core/provider';
import * as v from 'valibot';

/** Options of {@link createProxmoxTokenProvider}. */
export interface ProxmoxOptions extends TokenProviderOptions {
  /** The URL of the API: `https://pve.example.com:8006/api2/json`. */
  baseUrl: string;
  /** With its realm: `root@pam`. */
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

const answerSchema = v.object({ data: v.object({ ticket: v.string(), CSRFPreventionToken: v.string() }) });
const ticketLifetime = 2 * 60 * 60 * 1000;

/**
 * Proxmox VE, by its wiki page on the API ("Ticket Cookie"): a form login whose ticket goes into a cookie, and a token against forged requests into a header,
 * which writes need and reads may have. A ticket is valid for two hours. 401 is both: wrong credentials, and a dead ticket.
 */
export function createProxmoxTokenProvider(options: ProxmoxOptions): TokenProvider {
  const { baseUrl, user, password } = author.parseOptions(optionsSchema(options.allowInsecure), options, 'proxmox');
  return author.createTokenProvider(
    {
      name: 'proxmox',
      baseUrl,
      identity: [baseUrl, user],
      secret: author.askPassword(password),
      requestHeaders: ({ value, extra }) => ({ cookie: `PVEAuthCookie=${value}`, csrfpreventiontoken: extra?.['csrf'] ?? '' }),
      isRejection: ({ status }) => status === 401,
      async login(context) {
        const { secret = '' } = context;
        const form = { username: user, password: secret };
        const request = { provider: 'proxmox', url: new URL(`${baseUrl}/access/ticket`), form };
        const response = await author.sendLoginRequest(request, context);
        const { status } = response;
        const code = status === 401 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
        if (status >= 400)
          throw author.vendorError(response, { provider: 'proxmox', code, message: 'check the account', secrets: [secret] });
        const { data } = author.parseLoginResponse(answerSchema, response, 'proxmox');
        return { value: data.ticket, extra: { csrf: data.CSRFPreventionToken }, expiresAt: context.now() + ticketLifetime };
      },
    },
    author.pickTokenProviderOptions(options),
  );
}
