import { describe } from 'vitest';

import { acme, type Case, core, plus, store, testCases } from './violation-cases.ts';

const state: readonly Case[] = [
  [
    'process.env in a login',
    () => plus(acme('login.ts'), 'export const user = (): unknown => process.env;'),
    acme('login.ts:2'),
    /reads process\.env/,
  ],
  [
    'process.env in options outside of FromEnv',
    () => plus(acme('options.ts'), 'export const user = (): unknown => process.env;'),
    acme('options.ts:14'),
    /reads process\.env/,
  ],
  [
    'the environment taken apart',
    () => plus(core('requests/send.ts'), 'export function f(): unknown {\n  const { env } = process;\n  return env;\n}'),
    core('requests/send.ts:3'),
    /reads process\.env/,
  ],
  ['the environment imported', () => plus(store, "import { env } from 'node:process';"), `${store}:6`, /reads process\.env/],
  [
    'Date.now in requests',
    () => plus(core('requests/send.ts'), 'export const at = (): number => Date.now();'),
    core('requests/send.ts:2'),
    /Date\.now/,
  ],
  ['new Date() in a login', () => plus(acme('login.ts'), 'export const at = (): Date => new Date();'), acme('login.ts:2'), /new Date\(\)/],
  [
    'Math.random in the lifecycle',
    () => ({ [core('lifecycle/jitter.ts')]: 'export const jitter = (): number => Math.random();' }),
    core('lifecycle/jitter.ts:1'),
    /Math\.random/,
  ],
  [
    'a let',
    () => plus(acme('login.ts'), 'let count = 0;\nexport const next = (): number => ++count;'),
    acme('login.ts:2'),
    /`let` at module level/,
  ],
  ['an empty map', () => plus(acme('login.ts'), 'export const cache = new Map();'), acme('login.ts:2'), /state at module level/],
  ['a store that is made', () => plus(acme('login.ts'), 'export const kept = memoryStore();'), acme('login.ts:2'), /state at module level/],
  [
    'an AsyncLocalStorage',
    () => plus(acme('login.ts'), 'export const scope = new AsyncLocalStorage(1);'),
    acme('login.ts:2'),
    /state at module level/,
  ],
  [
    'a full set that is changed',
    () => plus(core('requests/send.ts'), 'export const more = (): unknown => names.add("b");'),
    core('requests/send.ts:2'),
    /changes `names`/,
  ],
  [
    'an object that is changed',
    () => plus(acme('login.ts'), 'const seen = { a: 1 };\nexport function f(): void {\n  seen.a = 2;\n}'),
    acme('login.ts:4'),
    /changes `seen`/,
  ],
  ['a static field', () => plus(acme('login.ts'), 'export class A {\n  static count = 0;\n}'), acme('login.ts:3'), /static field/],
  ['an effect at load', () => plus(acme('login.ts'), 'console.log(path);'), acme('login.ts:2'), /when it is loaded/],
];

describe('the rules for state and for what comes from outside', () => {
  testCases(state);
});
