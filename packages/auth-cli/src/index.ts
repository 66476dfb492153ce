export { exitStatus, type ExitStatus } from './command.ts';
export { runShell } from './run-shell.ts';
export type { Environment, Output, Surroundings } from './surroundings.ts';
