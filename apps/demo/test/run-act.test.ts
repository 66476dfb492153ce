import { describe, expect, test } from 'vitest';

import { runAct } from '../src/demo.ts';
import { openEsignon } from '../src/vendors.ts';

describe('an act', () => {
  test('an act that caused the expected number of logins is ok', async () => {
    await using vendor = await openEsignon({});
    const once = async (): Promise<{ did: string; logins: number }> => {
      await vendor.provider.getToken();
      return { did: 'logged in', logins: 1 };
    };
    expect(await runAct(once, vendor)).toMatchObject({ vendor: 'eSignon', outcome: 'ok', logins: 1 });
  });

  test('an act that caused another number of logins has failed', async () => {
    await using vendor = await openEsignon({});
    const twice = async (): Promise<{ did: string; logins: number }> => {
      await vendor.createProvider().getToken();
      await vendor.createProvider().getToken();
      return { did: 'logged in', logins: 1 };
    };
    expect(await runAct(twice, vendor)).toMatchObject({ outcome: 'failed', logins: 2, notes: [expect.stringContaining('2 logins')] });
  });

  test('an act that throws has failed, with the code of an AuthError', async () => {
    await using vendor = await openEsignon({});
    const refused = async (): Promise<never> => {
      await vendor.sandbox?.mistyped.provider.getToken();
      throw new Error('a token came');
    };
    expect(await runAct(refused, vendor)).toMatchObject({ outcome: 'failed', did: 'INVALID_CREDENTIALS', code: 'INVALID_CREDENTIALS' });
  });
});
