import { spawnSync } from 'node:child_process';

/** Whether a shell is on the PATH. */
export function hasShell(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}
