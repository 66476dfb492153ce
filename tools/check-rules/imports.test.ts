import { describe } from 'vitest';

import { acme, type Case, core, instead, plus, store, testCases } from './violation-cases.ts';

const imports: readonly Case[] = [
  [
    'a provider that imports another',
    () => plus(acme('login.ts'), "import '@x/esignon-auth';"),
    acme('login.ts:2'),
    /'@x\/esignon-auth': a provider imports/,
  ],
  [
    'a provider that imports a store',
    () => plus(acme('login.ts'), "import type { A } from '@x/auth-store-file';"),
    acme('login.ts:2'),
    /a provider imports/,
  ],
  [
    'a provider that uses testing outside of its sandbox',
    () => plus(acme('login.ts'), "import type { Fault } from '@x/auth-core/testing';"),
    acme('login.ts:2'),
    /sandbox/,
  ],
  [
    'a provider whose library looks for a store',
    () => plus(acme('login.ts'), "export const s = (): unknown => import('@x/auth-store-file');"),
    acme('login.ts:2'),
    /shell command alone/,
  ],
  [
    'a store that imports another value',
    () => plus(store, "import { systemClock } from '@x/auth-core';"),
    `${store}:6`,
    /systemClock from '@x\/auth-core': a store imports types/,
  ],
  [
    'a store that imports another entry',
    () => plus(store, "import type { B } from '@x/auth-core/provider';"),
    `${store}:6`,
    /a store imports types/,
  ],
  [
    'a core that imports a provider',
    () => plus(core('requests/send.ts'), "import type { C } from '@x/acme-auth';"),
    core('requests/send.ts:2'),
    /the core imports no other/,
  ],
  [
    'a package of no known kind',
    () => ({ 'packages/odd/package.json': '{"name":"@x/odd"}' }),
    'packages/odd/package.json:1',
    /name the folder/,
  ],
  [
    'an import of the own index',
    () => plus(core('requests/send.ts'), "import type { AccessToken } from '../index.ts';"),
    core('requests/send.ts:2'),
    /own package's index/,
  ],
  [
    'an import of the own name',
    () => plus(acme('login.ts'), "import type { AcmeOptions } from '@x/acme-auth';"),
    acme('login.ts:2'),
    /own package by name/,
  ],
  ['export *', () => plus(core('requests/send.ts'), "export * from '../auth-error.ts';"), core('requests/send.ts:2'), /export \*/],
  [
    'an import of another package by path',
    () => plus(acme('login.ts'), "import type { D } from '../../auth-core/src/access-token.ts';"),
    acme('login.ts:2'),
    /leaves the src/,
  ],
  [
    'a sandbox that the main entry loads',
    () => plus(acme('login.ts'), "import type { E } from './sandbox/start-acme-sandbox.ts';"),
    acme('login.ts:2'),
    /own entry point/,
  ],
  [
    'a cycle, of types only too',
    () => ({
      ...plus(core('requests/send.ts'), "import type { F } from './take.ts';"),
      [core('requests/take.ts')]: "import type { names } from './send.ts';",
    }),
    core('requests/take.ts:1'),
    /closes a cycle: \S+send\.ts → \S+take\.ts → \S+send\.ts/,
  ],
  ['a leaf that imports', () => plus(core('access-token.ts'), "import 'node:fs';"), core('access-token.ts:6'), /imports nothing/],
  [
    'requests that know the lifecycle',
    () => plus(core('requests/send.ts'), "import type { G } from '../lifecycle/clock.ts';"),
    core('requests/send.ts:2'),
    /not each other/,
  ],
  [
    'a lifecycle that knows requests',
    () => plus(core('lifecycle/clock.ts'), "import type { G } from '../requests/send.ts';"),
    core('lifecycle/clock.ts:3'),
    /not each other/,
  ],
  [
    'a core that imports provider back',
    () => plus(core('requests/send.ts'), "import type { H } from '../provider/read-text.ts';"),
    core('requests/send.ts:2'),
    /provider\/ back/,
  ],
  [
    'a range that is not workspace:^',
    () => instead('packages/acme-auth/package.json', 'workspace:^', 'workspace:*'),
    'packages/acme-auth/package.json:12',
    /@x\/auth-core as "workspace:\*"/,
  ],
];

describe('the rules for imports', () => {
  testCases(imports);
});
