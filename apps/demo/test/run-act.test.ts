import { describe, expect, test } from 'vitest';

import { runAct } from '../src/demo.ts';
import { openEsignon } from '../src/vendors.ts';

describe('an act', () => {
  test('is right where it caused the logins that it should', async () => {
    await using vendor = await openEsignon({});
    const once = async (): Promise<{ did: string; logins: number }> => {
      await vendor.provider.getToken();
      return { did: 'logged in', logins: 1 };
    };
    expect(await runAct(once, vendor)).toMatchObject({ vendor: 'eSignon', outcome: 'ok', logins: 1 });
  });

  test('has failed where it caused another number of logins than it should', async () => {
    await using vendor = await openEsignon({});
    const twice = async (): Promise<{ did: string; logins: number }> => {
      await vendor.createProvider().getToken();
      await vendor.createProvider().getToken();
      return { did: 'logged in', logins: 1 };
    };
    expect(await runAct(twice, vendor)).toMatchObject({ outcome: 'failed', logins: 2, notes: [expect.stringContaining('2 logins')] });
  });

  test('has failed where it throws, with the code of an AuthError', async () => {
    await using vendor = await openEsignon({});
    const refused = async (): Promise<never> => {
      await vendor.sandbox?.mistyped.provider.getToken();
      throw new Error('a token came');
    };
    expect(await runAct(refused, vendor)).toMatchObject({ outcome: 'failed', did: 'INVALID_CREDENTIALS', code: 'INVALID_CREDENTIALS' });
  });
});
