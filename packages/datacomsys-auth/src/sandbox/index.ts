export type { DatacomsysSandboxAccount } from './account.ts';
export type { CreatedPlaisancier, Refusal } from './calls.ts';
export { type DatacomsysSandbox, type DatacomsysSandboxOptions, startDatacomsysSandbox } from './start-datacomsys-sandbox.ts';
