import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { accountCauses } from '../src/check/account-causes.ts';
import { networkCauses } from '../src/check/network-causes.ts';
import { makeMachine } from './helpers/shell.ts';
import { stages, well } from './check/stages.ts';

const page = join(import.meta.dirname, '../../../docs/command-line.md');

/** The transcripts of the page: what is staged, and what is typed. */
const transcripts: Readonly<Record<string, readonly [stage: string, lines: readonly string[]]>> = {
  well: ['everything is right', ['check']],
  refused: ['the password is wrong', ['check --lang ko']],
  authority: ['nobody vouches for the certificate', ['check --lang ja']],
  path: ['the path of the base URL is wrong', ['check --lang fr']],
  status: ['everything is right', ['token', 'status']],
};

/** What differs from run to run has the same value in every transcript. */
function steady(text: string): string {
  return text
    .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:8730')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2026-12-25T09:30:00Z')
    .replaceAll(/(?<=: |fingerprint )[0-9a-f]{8}\b/g, '1a2b3c4d')
    .replaceAll(/\(\d+ s ago\)/g, '(2 s ago)');
}

/** The last of the command lines, and what it wrote. */
async function record(title: string, lines: readonly string[]): Promise<string> {
  const stage = [well, ...stages].find((one) => one.title === title);
  if (stage === undefined) throw new Error(`no stage ${title}`);
  await using staged = await stage.stage();
  using machine = makeMachine();
  let text = '';
  for (const line of lines) {
    const { stdout, stderr } = await machine.run([staged.vendor, ...line.split(' ')], { env: staged.env });
    text = `$ vendor-auth ${staged.vendor} ${line}\n${stdout}${stderr}`;
  }
  return steady(text.trimEnd());
}

it('the transcripts of the page are what the command writes (vitest -u writes them anew)', async () => {
  let text = readFileSync(page, 'utf8');
  for (const [name, [title, lines]] of Object.entries(transcripts)) {
    const block = new RegExp(`(?<=<!-- transcript: ${name} -->\n\n\`\`\`text\n)[^]*?(?=^\`\`\`$)`, 'm');
    expect(text).toMatch(block);
    const written = await record(title, lines);
    text = text.replace(block, () => `${written}\n`);
  }
  await expect(text).toMatchFileSnapshot(page);
});

it('the table of causes has every cause, and no other', () => {
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `([a-z-]+)` /gm)].map(([, cause = '']) => cause);
  const known = new Set([...Object.keys(accountCauses), ...Object.keys(networkCauses), ...stages.map(({ cause }) => cause)]);
  expect(rows.toSorted()).toEqual([...known].toSorted());
});
