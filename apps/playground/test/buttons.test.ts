import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { type RunningPlayground, startPlayground } from '../src/start.ts';
import { findBrowser } from './find-browser.ts';
import { openBrowser, openPage, type OpenPage } from './open-browser.ts';
import { press, startOver, vendors } from './press.ts';

// A browser is slow on a busy machine, and no test is decided by time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe.skipIf(findBrowser() === undefined)('every button', () => {
  let browser: Browser;
  let playground: RunningPlayground;
  let opened: OpenPage;

  beforeAll(async () => {
    browser = await openBrowser();
    playground = await startPlayground({ port: 0, delays: { up: 0, slow: 100 }, traffic: false });
    opened = await openPage(browser, playground.url, { width: 1_440 });
  });
  afterAll(async () => {
    await browser.close();
    await playground[Symbol.asyncDispose]();
  });

  describe.each(vendors)('at %s', (vendor) => {
    const push = (button: string): Promise<string> => press(opened, vendor, button);
    const load = 'Fire 100 calls';
    const allAnswered = /^100 of 100 calls answered, 1 login, /;
    const isPressed = (button: string): Promise<string | null> =>
      opened.page.getByRole('region', { name: vendor }).getByRole('button', { name: button, exact: true }).getAttribute('aria-pressed');

    test('a hundred calls at once cause one login, and the next hundred none', async () => {
      expect(await push(load)).toMatch(allAnswered);
      expect(await push(load)).toMatch(/^100 of 100 calls answered, no login, /);
    });

    test('a hundred calls that meet a revoked token cause one login', async () => {
      expect(await push('Revoke the token')).toContain('revoked');
      expect(await push(load)).toMatch(allAnswered);
    });

    test('a login from elsewhere ends the token, and the next calls cause one login', async () => {
      expect(await push('Log in from elsewhere')).toContain('ended the older token');
      expect(await push(load)).toMatch(allAnswered);
    });

    test('calls to a vendor that is down fail, and are answered once it is up, without a login', async () => {
      await push('Vendor down');
      await expect.poll(() => isPressed('Vendor down')).toBe('true');
      expect(await push(load)).toMatch(/^0 of 100 calls answered, 100 NETWORK, no login, /);
      await push('Vendor down');
      await expect.poll(() => isPressed('Vendor down')).toBe('false');
      expect(await push(load)).toMatch(/^100 of 100 calls answered, no login, /);
    });

    test('a slow vendor is shown as slow, until the button is pressed again', async () => {
      await push('Vendor slow');
      await expect.poll(() => isPressed('Vendor slow')).toBe('true');
      await push('Vendor slow');
      await expect.poll(() => isPressed('Vendor slow')).toBe('false');
    });

    test('a changed password is tried once, and the provider goes on as soon as it has the new one', async () => {
      await push('Change the password');
      expect(await push(load)).toMatch(/^0 of 100 calls answered, .*INVALID_CREDENTIALS, 1 login, /);
      expect(await push(load)).toMatch(/^0 of 100 calls answered, 100 COOLING_DOWN, no login, /);
      await push('Give the provider the new one');
      expect(await push(load)).toMatch(allAnswered);
    });

    test('a token with an end is renewed in the background near it, and by the next call after it', async () => {
      const hasEnd = vendor === 'eSignon';
      const clock = opened.page.getByRole('region', { name: vendor }).locator('[data-part=life-text]');
      for (let minutes = 5; minutes < 55; minutes += 5)
        await opened.page.evaluate(`fetch('/api/${vendor.toLowerCase()}/step-5-minutes', { method: 'POST' })`);
      expect(await push('5 minutes on')).toContain('55 min ahead');
      await expect.poll(() => clock.textContent()).toContain(hasEnd ? 'the next call renews it' : 'has no end');
      await push(load);
      await expect.poll(() => clock.textContent()).toContain(hasEnd ? 'ends in 1 h' : 'has no end');
      expect(await push('1 hour on')).toContain('1.9 h ahead');
      expect(await push(load)).toContain(hasEnd ? ', 1 login, ' : ', no login, ');
    });

    test('the same load is shown beside a login by hand: one login here, a hundred there', async () => {
      await push('Compare with a login by hand');
      const card = opened.page.getByRole('region', { name: vendor });
      expect(await card.locator('[data-part=provider-logins]').textContent()).toBe('1 login');
      expect(await card.locator('[data-part=by-hand-logins]').textContent()).toBe('100 logins');
      for (const rest of await card.locator('.rest').allTextContents()) expect(rest).toContain('100 of 100 calls answered');
      await card.getByText('The login by hand', { exact: true }).click();
      await expect.poll(() => card.locator('pre').textContent()).toContain('token ??= await login();');
    });
  });

  test('steady traffic starts and stops, and a new start sets every number to nought', async () => {
    const { page } = opened;
    const calls = page.locator('#esignon [data-part=calls]');
    const traffic = page.getByRole('button', { name: 'Steady traffic' });
    const before = await calls.textContent();
    await traffic.click();
    await expect.poll(() => calls.textContent()).not.toBe(before);
    await traffic.click();
    await expect.poll(() => traffic.getAttribute('aria-pressed')).toBe('false');
    await startOver(opened);
    await expect.poll(() => page.locator('[data-part=calls]').allTextContents()).toEqual(['0', '0']);
    await expect.poll(() => page.locator('#events li').count()).toBe(0);
  });

  test('a held picture stands still, and shows afterwards what came meanwhile', async () => {
    const { page } = opened;
    const lines = page.locator('#events li');
    const hold = page.getByRole('button', { name: 'Hold the picture' });
    await hold.click();
    await press(opened, 'eSignon', 'Fire 100 calls');
    expect([await lines.count(), await page.locator('#esignon [data-part=logins]').textContent()]).toEqual([0, '0']);
    await hold.click();
    await expect.poll(() => lines.count()).toBe(3);
    await expect.poll(() => page.locator('#esignon [data-part=logins]').textContent()).toBe('1');
  });

  test('every button of every vendor works on a phone, and says what it did', async () => {
    await using phone = await openPage(browser, playground.url, { width: 320 });
    await startOver(phone);
    const said: string[] = [];
    for (const vendor of vendors) {
      const buttons = await phone.page.getByRole('region', { name: vendor }).getByRole('button').allTextContents();
      for (const button of buttons) said.push(await press(phone, vendor, button));
    }
    expect(said.length).toBe(20);
    expect(new Set(said).size).toBeGreaterThan(10);
    for (const button of ['Steady traffic', 'Steady traffic', 'Hold the picture', 'Hold the picture']) {
      await phone.page.getByRole('button', { name: button }).click();
    }
    expect(phone.complaints).toEqual([]);
  });

  test('the page complains about nothing, and asks no other host for anything', () => {
    expect(opened.complaints).toEqual([]);
    expect(opened.urls.filter((url) => !url.startsWith(playground.url))).toEqual([]);
  });
});
