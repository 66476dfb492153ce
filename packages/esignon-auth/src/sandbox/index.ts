export type { EsignonSandboxAccount } from './account.ts';
export type { StartedWorkflow } from './calls.ts';
export type { SandboxExpireDate } from './expire-date.ts';
export { type EsignonFault, type EsignonSandbox, type EsignonSandboxOptions, startEsignonSandbox } from './start-esignon-sandbox.ts';
