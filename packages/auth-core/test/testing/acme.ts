import { type AccessTokenInit, type TokenProvider, type VendorProtocol } from '@x/auth-core';
import { askPassword, createTokenProvider, endpointUrl, parseLoginResponse, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import { type ProviderUnderTest, type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

/** The account of a made-up vendor with the smallest possible provider. */
export interface AcmeAccount {
  readonly user: string;
  password: string;
}

const Login = v.pipe(v.string(), v.parseJson(), v.object({ user: v.string(), password: v.string() }));

function startAcmeSandbox(): Promise<Sandbox<AcmeAccount>> {
  const accounts: AcmeAccount[] = [{ user: 'u', password: 'p' }];
  return startSandbox<AcmeAccount>({
    accounts,
    secretFields: ['password', 'token'],
    isLogin: ({ url }) => url.pathname === '/login',
    answer({ url, headers, body }, tokens) {
      if (url.pathname === '/me') {
        const owner = tokens.owner(headers.authorization?.replace(/^Acme /, '') ?? '');
        return owner === undefined || !headers.authorization?.startsWith('Acme ')
          ? { status: 401 }
          : { status: 200, json: { user: owner.user } };
      }
      const login = v.safeParse(Login, body);
      const account = login.success ? accounts.find(({ user }) => user === login.output.user) : undefined;
      if (!login.success || account?.password !== login.output.password) return { status: 403, json: { error: 'who are you?' } };
      return { status: 200, json: { token: tokens.issue(account) } };
    },
  });
}

/** The parts of acme's protocol that a test can get wrong. */
export type AcmeFaults = Partial<Pick<VendorProtocol, 'isRejection' | 'origins' | 'login' | 'identity'>>;

/** The first argument of `create`. */
export type AcmeLogin = Parameters<ProviderUnderTest<AcmeAccount>['create']>[0];

export function acmeProtocol({ baseUrl, account, password }: AcmeLogin): VendorProtocol {
  return {
    name: 'acme',
    baseUrl: new URL(baseUrl).origin,
    identity: [baseUrl, account.user],
    secret: askPassword(password),
    isRejection: ({ status }) => status === 401,
    async login(context): Promise<AccessTokenInit> {
      const { secret = '' } = context;
      const request = {
        provider: 'acme',
        url: endpointUrl(baseUrl, ['login']),
        json: { user: account.user, password: secret },
      };
      const response = await sendLoginRequest(request, context);
      const refusal = { provider: 'acme', message: `HTTP ${response.status}`, secrets: [secret] };
      if (response.status === 403) throw vendorError(response, { ...refusal, code: 'INVALID_CREDENTIALS' });
      if (response.status !== 200) throw vendorError(response, { ...refusal, code: 'VENDOR_ERROR' });
      const { token } = parseLoginResponse(v.object({ token: v.pipe(v.string(), v.nonEmpty()) }), response, 'acme');
      return { value: token, scheme: 'Acme' };
    },
  };
}

/** The subject of the contract suite. */
export function acme(change: (protocol: VendorProtocol, login: AcmeLogin) => AcmeFaults = () => ({})): ProviderUnderTest<AcmeAccount> {
  return {
    name: 'acme',
    startSandbox: startAcmeSandbox,
    create: (login, options): TokenProvider => {
      const protocol = acmeProtocol(login);
      return createTokenProvider({ ...protocol, ...change(protocol, login) }, options);
    },
    call: { path: '/me' },
  };
}
