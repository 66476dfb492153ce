export { assertNoSecrets } from './assert-no-secrets.ts';
export type { ReceivedRequest, Reply, ReplyHeaders } from './exchange.ts';
export type { BareFault, Fault, StatusFault } from './fault.ts';
export { type FailOptions, type FaultyServer, type FaultyServerOptions, type Handler, startFaultyServer } from './faulty-server.ts';
export { type ManualClock, manualClock, type ManualClockOptions } from './manual-clock.ts';
export { describeTokenProvider } from './provider-contract.ts';
export type { ContractLogin, ProtectedCall, ProviderUnderTest, SandboxAccount } from './provider-under-test.ts';
export type { LoggedExchange, LoggedRequest, Secrets } from './request-log.ts';
export {
  createIssuedTokens,
  type IssuedTokens,
  type IssuedTokensOptions,
  type Sandbox,
  type SandboxFailOptions,
  type SandboxOptions,
  startSandbox,
  type VendorBehaviour,
} from './sandbox.ts';
export type { ServerOptions } from './server-options.ts';
export { describeTokenStore } from './store-contract.ts';
export type { OpenedStore, StoreCapabilities, StoreUnderTest } from './store-under-test.ts';
export type { TestRunner } from './test-runner.ts';
