import {
  createIssuedTokens,
  type IssuedTokensOptions,
  manualClock,
  type ManualClockOptions,
  type Reply,
  type SandboxOptions,
  startSandbox,
} from '@x/auth-core/testing';
import { describe, expect, it } from 'vitest';

interface Account {
  readonly user: string;
}

const alice: Account = { user: 'alice' };
const bob: Account = { user: 'bob' };

describe('issued tokens', () => {
  const issued = (options?: IssuedTokensOptions) => createIssuedTokens<Account>(options);

  it('each issued token is new and belongs to its account', () => {
    const tokens = issued();
    const [first, second] = [tokens.issue(alice), tokens.issue(bob)];
    expect(first).not.toBe(second);
    expect([tokens.owner(first), tokens.owner(second), tokens.owner('made up')]).toEqual([alice, bob, undefined]);
  });

  it('one token can be revoked, or all', () => {
    const tokens = issued();
    const [first, second] = [tokens.issue(alice), tokens.issue(alice)];
    tokens.revoke(first);
    expect([tokens.owner(first), tokens.owner(second)]).toEqual([undefined, alice]);
    tokens.revoke();
    expect(tokens.owner(second)).toBeUndefined();
  });

  it('with singleSession a token ends with the next login of the same account, and only of that account', () => {
    const tokens = issued({ singleSession: true });
    const [first, others] = [tokens.issue(alice), tokens.issue(bob)];
    const second = tokens.issue(alice);
    expect([first, second, others].map((token) => tokens.owner(token))).toEqual([undefined, alice, bob]);
  });

  it('a token ends exactly at the end of its lifetime', () => {
    let now = 1_000;
    const tokens = issued({ lifetime: 500, now: () => now });
    const token = tokens.issue(alice);
    now = 1_499;
    expect(tokens.owner(token)).toBe(alice);
    now = 1_500;
    expect(tokens.owner(token)).toBeUndefined();
  });
});

describe("a sandbox of a vendor of one's own", () => {
  const start = (accounts: readonly Account[] = [alice], options: SandboxOptions = {}) =>
    startSandbox<Account>(
      {
        accounts,
        scheme: 'Bearer',
        secretFields: ['token'],
        isLogin: ({ url }) => url.pathname === '/token',
        answer({ url, headers }, tokens): Reply {
          if (url.pathname === '/token') return { status: 200, json: { token: tokens.issue(alice) } };
          const owner = tokens.owner(headers.authorization?.replace('Bearer ', '') ?? '');
          return owner === undefined ? { status: 401 } : { status: 200, json: owner };
        },
      },
      options,
    );

  it("a sandbox of one's own logs in, replies, counts logins and revokes tokens", async () => {
    await using sandbox = await start();
    const { token } = (await (await fetch(`${sandbox.url}/token`)).json()) as { token: string };
    const call = async () => (await fetch(`${sandbox.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await call()).toBe(200);
    sandbox.revoke(token);
    expect(await call()).toBe(401);
    expect(sandbox.logins).toBe(1);
    expect(sandbox.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, 'Bearer (hidden)', 'Bearer (hidden)']);
  });

  it('a fault applies to logins, to other calls, or to any exchange', async () => {
    await using sandbox = await start();
    const status = async (path: string) => (await fetch(sandbox.url + path)).status;
    sandbox.fail({ status: 501 }, { on: 'call' });
    sandbox.fail({ status: 502 }, { on: 'login' });
    expect([await status('/token'), await status('/token'), await status('/me'), await status('/me')]).toEqual([502, 200, 501, 401]);
    sandbox.fail({ status: 503 }, { times: 2 });
    expect([await status('/token'), await status('/me'), await status('/token')]).toEqual([503, 503, 200]);
    expect(sandbox.logins).toBe(4);
  });

  it('a sandbox without an account is a RangeError', async () => {
    await expect(start([])).rejects.toThrow(RangeError);
  });

  it('an option that a sandbox does not know is CONFIG', async () => {
    const behaviour = { accounts: [alice], isLogin: () => true, answer: (): Reply => ({ status: 200 }) };
    const isConfig = (name: string) => ({ code: 'CONFIG', message: expect.stringContaining(name) });
    // What JavaScript may call it with.
    await expect(startSandbox(behaviour, { accounts: [bob] } as SandboxOptions)).rejects.toMatchObject(isConfig('accounts'));
    await expect(startSandbox({ ...behaviour, secretField: ['token'] } as typeof behaviour)).rejects.toMatchObject(isConfig('secretField'));
    expect(() => createIssuedTokens({ singlesession: true } as IssuedTokensOptions)).toThrow(
      expect.objectContaining(isConfig('singlesession')),
    );
    expect(() => manualClock({ timer: true } as ManualClockOptions)).toThrow(expect.objectContaining(isConfig('timer')));
  });

  it('a sandbox with a base path answers below it only, and its behaviour does not see it', async () => {
    await using sandbox = await start([alice], { basePath: '/v1' });
    const status = async (path: string) => (await fetch(new URL(path, sandbox.url))).status;
    expect(sandbox.url).toMatch(/\/v1$/);
    expect([await status('/token'), await status('/v1/token'), await status('/v1/me')]).toEqual([404, 200, 401]);
    expect(sandbox.logins).toBe(1);
  });
});
