import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { storeFile } from './helpers/store-file.ts';

const value = (name: string): string => `${name}-value `.repeat(2_000);

it.each<[what: string, others: number]>([
  ['replaced', 1],
  ['replaced, beside a hundred others', 100],
])('of a value that was %s and of one that was deleted nothing is left in the file, however long they are', async (_what, others) => {
  const { path, open } = storeFile();
  const store = open();
  for (let count = 0; count < others; count += 1) await store.set(`key ${count}`, value('old').slice(0, 20_000 / others));
  await store.set('deleted', value('gone'));
  for (const name of ['old-value', 'gone-value']) expect(readFileSync(path, 'latin1').includes(name)).toBe(true);
  for (let count = 0; count < others; count += 1) await store.set(`key ${count}`, 'new');
  await store.delete('deleted');
  for (const file of [path, `${path}-journal`]) expect(/old-value|gone-value/.test(readFileSync(file, 'latin1'))).toBe(false);
});
