export { type ManualClock, manualClock, type ManualClockOptions } from './manual-clock.ts';
export type { ReceivedRequest, Reply } from './exchange.ts';
export type { BareFault, Fault, StatusFault } from './fault.ts';
export { type FailOptions, type FaultyServer, type FaultyServerOptions, type Handler, startFaultyServer } from './faulty-server.ts';
export { createIssuedTokens, type IssuedTokens, type IssuedTokensOptions } from './issued-tokens.ts';
export type { LoggedRequest, Secrets } from './request-log.ts';
export { type Sandbox, type SandboxFailOptions, type SandboxOptions, startSandbox, type VendorBehaviour } from './sandbox.ts';
export { describeTokenStore, type OpenedStore, type StoreCapabilities, type StoreUnderTest } from './store-contract.ts';
export type { TestRunner } from './test-runner.ts';
