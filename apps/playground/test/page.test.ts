import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { type RunningPlayground, startPlayground } from '../src/start.ts';
import { findBrowser } from './find-browser.ts';
import { openBrowser, openPage, type OpenPage } from './open-browser.ts';
import { press, startOver, vendors } from './press.ts';

// A browser is slow on a busy machine, and no test is decided by time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Shows all that the page can show: a comparison, a pause, a failed login, a line for each kind of event. */
async function showEverything(opened: OpenPage): Promise<void> {
  for (const vendor of vendors) {
    await press(opened, vendor, 'Compare with a login by hand');
    await press(opened, vendor, 'Change the password');
    await press(opened, vendor, 'Fire 100 calls');
    await opened.page.getByRole('region', { name: vendor }).locator('summary').click();
  }
  await opened.page.locator('.badge.waiting').first().waitFor();
}

/** undici's events for bytes that it received and sent: the only places where the secrets of the sandboxes can be observed. */
const wires = ['undici:request:bodyChunkReceived', 'undici:request:bodyChunkSent'];

async function collectSecrets(run: () => Promise<void>): Promise<string[]> {
  const secrets = new Set<string>();
  const listen = (message: unknown): void => {
    const { chunk } = message as { chunk: Uint8Array | string }; // undici's documented payload
    const text = Buffer.from(chunk).toString();
    for (const [, secret = ''] of text.matchAll(/"(?:access_token|token|memb_pwd|password)":"([^"]+)"/g)) secrets.add(secret);
  };
  for (const wire of wires) subscribe(wire, listen);
  await run();
  for (const wire of wires) unsubscribe(wire, listen);
  return [...secrets];
}

/** What axe finds on the page, and where. */
async function audit(page: Page): Promise<unknown[]> {
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target, failureSummary }) => [target, failureSummary]) }));
}

describe.skipIf(findBrowser() === undefined)('the page', () => {
  let browser: Browser;
  let playground: RunningPlayground;

  beforeAll(async () => {
    browser = await openBrowser();
    playground = await startPlayground({ port: 0, delays: { up: 0, slow: 100 }, traffic: true });
  });
  afterAll(async () => {
    await browser.close();
    await playground[Symbol.asyncDispose]();
  });

  test('no password and no token reaches the browser, in no file, message or text', async () => {
    const received: string[] = [];
    const secrets = await collectSecrets(async () => {
      await using opened = await openPage(browser, playground.url, { width: 1_440 });
      const session = await opened.context.newCDPSession(opened.page);
      await session.send('Network.enable');
      session.on('Network.eventSourceMessageReceived', ({ data }) => received.push(data));
      const bodies: Promise<unknown>[] = [];
      opened.page.on('response', (response) => {
        if (!response.url().endsWith('/events')) bodies.push(response.text().then((text) => received.push(text)));
      });
      await opened.page.reload();
      await showEverything(opened);
      await Promise.all(bodies);
      received.push(await opened.page.content());
    });
    // Each vendor had logins by the provider and a hundred by hand, with a password that was right and one that was not any more.
    expect(secrets.length).toBeGreaterThan(200);
    expect(received.join('\n')).toContain('"name":"cooldown"');
    expect(secrets.filter((secret) => received.some((text) => text.includes(secret)))).toEqual([]);
  });

  test('axe finds nothing on a phone, a tablet and a wide screen, light and dark, and nothing has to be scrolled sideways', async () => {
    await using opened = await openPage(browser, playground.url, { width: 320 });
    const { page } = opened;
    await startOver(opened);
    await showEverything(opened);
    await page.evaluate(axe.source);
    for (const width of [320, 768, 1_440]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect({ width, colorScheme, found: await audit(page) }).toEqual({ width, colorScheme, found: [] });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    }
    expect(opened.complaints).toEqual([]);
  });

  test('everything can be reached and worked with the keyboard, and a button keeps the focus', async () => {
    await using opened = await openPage(browser, playground.url, { width: 1_440 });
    const { page } = opened;
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the vendors');
    const seen = new Set<unknown>();
    for (let count = 0; count < 40; count += 1) {
      await page.keyboard.press('Tab');
      seen.add(await page.evaluate('[document.activeElement.closest("section")?.id, document.activeElement.textContent].join(" ")'));
    }
    const buttons = await page.evaluate(
      '[...document.querySelectorAll("button")].map((button) => [button.closest("section")?.id, button.textContent].join(" "))',
    );
    expect([...seen]).toEqual(expect.arrayContaining(buttons as string[]));
    const revoke = page.getByRole('region', { name: 'eSignon' }).getByRole('button', { name: 'Revoke the token' });
    await revoke.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => page.locator('#esignon [data-part=said]').textContent()).toContain('revoked');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Revoke the token');
  });

  test('a screen reader is told what came of a button, and nothing of what goes on by itself', async () => {
    await using opened = await openPage(browser, playground.url, { width: 1_440 });
    const { page } = opened;
    const live = page.locator('[role=status], [role=log], [role=alert], [aria-live]');
    const calls = async (): Promise<number> =>
      Number((await page.locator('#esignon [data-part=calls]').textContent())?.replaceAll(',', ''));
    await expect.poll(() => live.first().textContent()).toBe('Connected.');
    const said = await live.allTextContents();
    const before = await calls();
    await expect.poll(calls).toBeGreaterThan(before + 5);
    expect([await live.count(), await live.allTextContents()]).toEqual([3, said]);
  });

  test('the lives of both tokens are drawn, with a bar for each token and each login', async () => {
    await using opened = await openPage(browser, playground.url, { width: 1_440 });
    await startOver(opened);
    for (const vendor of vendors) {
      await press(opened, vendor, 'Compare with a login by hand');
      const line = opened.page.getByRole('region', { name: vendor }).locator('.timeline');
      await expect
        .poll(() => line.locator('rect').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('class'))))
        .toEqual(expect.arrayContaining(['login', expect.stringMatching(/^in-use/), 'rejected']));
      await expect.poll(() => line.getAttribute('aria-label')).toContain('login 2, renewal 0, failed 0, rejected 1, paused 0');
    }
  });
});
