import { readFile } from 'node:fs/promises';

import type { PackedPackage } from '@x/packed';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What publint finds in its strictest mode, suggestions included. */
export async function checkPublint({ tarball }: PackedPackage): Promise<readonly string[]> {
  const file = await readFile(tarball);
  const archive = new Uint8Array(file).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: archive }, strict: true, level: 'suggestion' });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}
