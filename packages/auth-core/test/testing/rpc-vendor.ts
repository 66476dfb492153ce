import type { AccessTokenInit, LoginContext, VendorProtocol } from '@x/auth-core';
import { askPassword, createTokenProvider, endpointUrl, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import { type ProviderUnderTest, type ReceivedRequest, type Reply, type Sandbox, startSandbox } from '@x/auth-core/testing';

/** An account of a made-up vendor whose login is a form, whose tokens travel in two headers, and whose API is one URL. */
interface RpcAccount {
  readonly user: string;
  password: string;
}

function startRpcSandbox(secretFields: readonly string[]): Promise<Sandbox<RpcAccount>> {
  const accounts: RpcAccount[] = [{ user: 'u', password: 'p' }];
  const isLogin = ({ method, url }: ReceivedRequest): boolean => method === 'POST' && url.pathname === '/session';
  const csrf = 'c5rf-token';
  return startSandbox<RpcAccount>(
    {
      accounts,
      secretFields,
      isLogin,
      answer(request, tokens): Reply {
        if (!isLogin(request)) {
          const { 'x-rpc-token': token = '', 'x-csrf': sent } = request.headers;
          const isKnown = tokens.owner(String(token)) !== undefined && sent === csrf && request.method === 'POST';
          return { status: isKnown ? 201 : 401, json: {} };
        }
        const form = new URLSearchParams(request.body);
        const account = accounts.find(({ user, password }) => user === form.get('user') && password === form.get('password'));
        if (account === undefined) return { status: 403 };
        return { status: 201, headers: { 'x-rpc-token': tokens.issue(account), 'set-cookie': [`csrf="${csrf}"; Path=/`, 'lang=ko'] } };
      },
    },
    { basePath: '/api/rpc' },
  );
}

async function login(baseUrl: string, user: string, context: LoginContext): Promise<AccessTokenInit> {
  const { secret = '' } = context;
  const url = endpointUrl(baseUrl, ['session']);
  const response = await sendLoginRequest({ provider: 'rpc', url, form: { user, password: secret } }, context);
  const [value, csrf] = [response.header('x-rpc-token'), response.cookie('csrf')];
  if (response.status === 201 && value !== undefined && csrf !== undefined) return { value, extra: { csrf }, expiresAt: 'unknown' };
  const code = response.status === 403 ? 'INVALID_CREDENTIALS' : response.status < 300 ? 'BAD_RESPONSE' : 'VENDOR_ERROR';
  throw vendorError(response, { provider: 'rpc', code, message: `HTTP ${response.status}`, secrets: [secret] });
}

/** The subject of the contract suite. */
export function rpc(
  change: Partial<VendorProtocol> = {},
  secretFields: readonly string[] = ['password', 'x-rpc-token', 'x-csrf'],
): ProviderUnderTest<RpcAccount> {
  return {
    name: 'rpc',
    startSandbox: () => startRpcSandbox(secretFields),
    create: ({ baseUrl, account, password }, options) =>
      createTokenProvider(
        {
          name: 'rpc',
          baseUrl,
          identity: [baseUrl, account.user],
          secret: askPassword(password),
          login: (context) => login(baseUrl, account.user, context),
          isRejection: ({ status }) => status === 401,
          requestHeaders: ({ value, extra }) => ({ 'X-RPC-Token': value, 'X-CSRF': extra?.['csrf'] ?? '' }),
          ...change,
        },
        options,
      ),
    call: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"method":"whoami"}' },
  };
}
