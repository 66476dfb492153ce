import { describe } from 'vitest';

import { acme, type Case, instead, plus, testCases } from './violation-cases.ts';

const shape: readonly Case[] = [
  ['a missing README', () => ({ 'packages/acme-auth/README.md': null }), 'packages/acme-auth/README.md:1', /is missing/],
  [
    'a missing contract test',
    () => ({ 'packages/acme-auth/test/provider-contract.test.ts': null }),
    'packages/acme-auth/test/provider-contract.test.ts:1',
    /is missing/,
  ],
  [
    'a re-export that is missing',
    () => instead(acme('index.ts'), 'type AccessToken, ', ''),
    acme('index.ts:1'),
    /does not export AccessToken/,
  ],
  [
    'an export that others do not have',
    () => plus(acme('index.ts'), "export { path } from './login.ts';"),
    acme('index.ts:1'),
    /exports path, which/,
  ],
  [
    'a sandbox under another name',
    () => instead(acme('sandbox/index.ts'), 'startAcmeSandbox', 'startAcmeSandbox as start'),
    acme('sandbox/index.ts:1'),
    /does not export startAcmeSandbox/,
  ],
  [
    'what is still to be filled in',
    () => plus(acme('login.ts'), "export const end = (): never => fillIn('the end');"),
    acme('login.ts:2'),
    /filled in: the end/,
  ],
];

describe('the rules for providers', () => {
  testCases(shape);
});
