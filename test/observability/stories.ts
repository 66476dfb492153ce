import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { channels, memoryStore, type TokenProvider, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { manualClock, type ManualClock, type Reply } from '@x/auth-core/testing';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider, type EsignonOptions } from '@x/esignon-auth';
import { type EsignonSandbox, startEsignonSandbox } from '@x/esignon-auth/sandbox';

const day = 86_400_000;

/** A vendor on this machine, a clock that stands still, and providers that log in there with an account of it. */
interface Stage {
  readonly clock: ManualClock;
  readonly sandbox: EsignonSandbox;
  readonly provider: (options?: Partial<EsignonOptions>) => TokenProvider;
}

type Story = (stage: Stage) => Promise<void>;

const failed = (error: unknown): unknown => error;

const sharesAToken: Story = async ({ clock, provider }) => {
  const store = memoryStore();
  await provider({ store }).getToken();
  await clock.advance(90_000);
  await provider({ store }).getToken();
};

const isRefused: Story = async ({ provider }) => {
  await provider({ password: 'not the one' }).getToken().catch(failed);
};

const isNotAllowed: Story = async ({ sandbox, provider }) => {
  sandbox.fail({ result: '95' });
  await provider().getToken().catch(failed);
};

const meetsAWebPage: Story = async ({ sandbox, provider }) => {
  sandbox.fail('garbage');
  await provider().getToken().catch(failed);
};

const isRejected: Story = async ({ provider }) => {
  const one = provider({ rejectionBudget: 1 });
  const first = await one.getToken();
  const second = await one.getToken({ rejected: first });
  await one.getToken({ rejected: first });
  await one.getToken({ rejected: second });
};

const isRefreshed: Story = async ({ clock, sandbox, provider }) => {
  const one = provider();
  await one.getToken();
  await clock.advance(29.5 * day);
  for (const fault of [{ status: 503 }, undefined]) {
    if (fault !== undefined) sandbox.fail(fault);
    const over = nextRefresh();
    one.peekToken();
    await over;
    await clock.advance(5_000);
  }
};

function nextRefresh(): Promise<void> {
  return new Promise((resolve) => {
    const listen = (): void => {
      unsubscribe(channels.refresh, listen);
      resolve();
    };
    subscribe(channels.refresh, listen);
  });
}

const outlivesItsEnd: Story = async ({ clock, sandbox, provider }) => {
  sandbox.fail({ answer: () => loginWithoutEnd });
  const one = provider({ fallbackLifetime: 1_000, refreshBefore: 0 });
  await one.getToken();
  await clock.advance(1_000);
  sandbox.fail({ status: 503 });
  await one.getToken();
};

const loginWithoutEnd: Reply = {
  status: 200,
  json: { header: { result_code: '00' }, body: { access_token: '6'.repeat(40) } },
};

const hasABrokenStore: Story = async ({ provider }) => {
  const store: TokenStore = { ...memoryStore(), get: () => Promise.reject(new Error('the store is away')) };
  await provider({ store }).getToken();
};

/** What operators look at, each told by real providers and a real server. */
const stories: readonly Story[] = [
  sharesAToken,
  isRefused,
  isNotAllowed,
  meetsAWebPage,
  isRejected,
  isRefreshed,
  outlivesItsEnd,
  hasABrokenStore,
];

/** Plays all stories, one after the other, and looks while one more login is under way. */
export async function playStories(look: () => Promise<void>): Promise<void> {
  for (const story of stories) await onStage(story);
  await using sandbox = await startDatacomsysSandbox();
  const [{ codePort, idERP, password }] = sandbox.accounts;
  await createDatacomsysTokenProvider({ baseUrl: sandbox.url, codePort, idERP, password }).getToken();
  await onStage((stage) => lookDuringLogin(stage, look));
}

async function onStage(story: Story): Promise<void> {
  using clock = manualClock();
  await using sandbox = await startEsignonSandbox({ now: () => clock.now() });
  const [account] = sandbox.accounts;
  const common: TokenProviderOptions = { clock, random: () => 0, retries: 0 };
  await story({
    clock,
    sandbox,
    provider: (options) => createEsignonTokenProvider({ ...account, baseUrl: sandbox.url, ...common, ...options }),
  });
}

async function lookDuringLogin({ sandbox, provider }: Stage, look: () => Promise<void>): Promise<void> {
  const held = Promise.withResolvers<Reply>();
  const arrived = Promise.withResolvers<void>();
  sandbox.fail({ answer: () => (arrived.resolve(), held.promise) });
  const token = provider().getToken();
  await arrived.promise;
  await look();
  held.resolve(loginWithoutEnd);
  await token;
}
