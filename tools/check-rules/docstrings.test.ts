import { describe, expect, it } from 'vitest';

import { acme, type Case, check, core, instead, plus, statically, testCases } from './violation-cases.ts';

const docs: readonly Case[] = [
  [
    'a type without docstring',
    () => instead(core('access-token.ts'), '/** A token. */', ''),
    core('access-token.ts:2'),
    /AccessToken has no docstring/,
  ],
  [
    'a member without docstring',
    () => instead(core('access-token.ts'), '/** Epoch milliseconds. */', '// When.'),
    core('access-token.ts:4'),
    /issuedAt has no docstring/,
  ],
  [
    'a number without unit',
    () => instead(core('access-token.ts'), 'Epoch milliseconds', 'When'),
    core('access-token.ts:4'),
    /must say its unit/,
  ],
  [
    'a public field of a class without docstring',
    () => instead(core('auth-error.ts'), '#code', 'code'),
    core('auth-error.ts:3'),
    /AuthError\.code has no docstring/,
  ],
  [
    'a throw without @throws',
    () => instead(core('provider/read-text.ts'), '@throws', 'It throws'),
    core('provider/read-text.ts:6'),
    /readText throws: its docstring needs/,
  ],
  [
    'a call of what throws without @throws',
    () => instead(acme('options.ts'), '@throws', 'It throws'),
    acme('options.ts:11'),
    /calls readText, which throws/,
  ],
  [
    '@throws AuthError without a code',
    () => instead(core('provider/read-text.ts'), '`CONFIG`', ''),
    core('provider/read-text.ts:6'),
    /names no code/,
  ],
  [
    '@throws without an error',
    () => instead(core('provider/read-text.ts'), 'AuthError `CONFIG` if', 'if'),
    core('provider/read-text.ts:6'),
    /names no error/,
  ],
  [
    'a vendor fact without grade',
    () => instead(acme('create-acme-token-provider.ts'), ' [S]', ''),
    acme('create-acme-token-provider.ts:2'),
    /without their grade/,
  ],
  ['a grade spelled otherwise', () => plus(acme('login.ts'), '// The path (grade V).'), acme('login.ts:2'), /write \[V\]/],
];

describe('the rules for docstrings', () => {
  it('do not ask for @throws where the error is caught or belongs to a function within', async () => {
    const body = 'try {\n    throw new Error();\n  } catch {\n    return () => {\n      throw new Error();\n    };\n  }';
    const changes = plus(core('testing/index.ts'), `/** Quiet. */\nexport function quiet(): unknown {\n  ${body}\n}`);
    expect(await check(changes, statically)).toEqual([]);
  });

  testCases(docs);
});
