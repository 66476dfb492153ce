import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { startPlayground } from '../src/start.ts';
import { findBrowser } from './find-browser.ts';
import { openBrowser, openPage } from './open-browser.ts';

/** Where the README and the guide look for them. */
const folder = new URL('../../../docs/images/', import.meta.url);

/** What is pressed before the pictures are taken, and how many seconds pass after it. */
const scenes: readonly (readonly [vendor: string, button: string, seconds: number])[] = [
  ['eSignon', 'Fire 100 calls', 8],
  ['DataComSys', 'Log in from elsewhere', 6],
  ['eSignon', 'Revoke the token', 8],
  ['DataComSys', 'Vendor slow', 10],
  ['DataComSys', 'Vendor slow', 4],
  ['eSignon', 'Vendor down', 5],
  ['eSignon', 'Vendor down', 8],
  ['DataComSys', 'Change the password', 8],
  ['DataComSys', 'Give the provider the new one', 6],
  ['eSignon', 'Change the password', 12],
  ['eSignon', 'Give the provider the new one', 10],
  ['DataComSys', 'Compare with a login by hand', 8],
  ['eSignon', 'Compare with a login by hand', 0],
];

const views = [
  ['wide', 1_280],
  ['tablet', 768],
  ['phone', 320],
] as const;

async function takePictures(): Promise<void> {
  await using playground = await startPlayground({ port: 0 });
  const browser = await openBrowser();
  await using opened = await openPage(browser, playground.url, { width: 1_280, calm: false });
  await pause(6_000);
  for (const [vendor, button, seconds] of scenes) {
    await opened.page.getByRole('region', { name: vendor }).getByRole('button', { name: button, exact: true }).click();
    await pause(seconds * 1_000);
  }
  await opened.page.locator('.comparison:visible').nth(1).waitFor();
  await pause(4_000);
  for (const [name, width] of views) {
    for (const scheme of ['light', 'dark'] as const) await takePicture(opened.page, `playground-${name}-${scheme}.png`, width, scheme);
  }
  await browser.close();
}

async function takePicture(page: Page, file: string, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
  await page.evaluate('scrollTo(0, 0)');
  // The pictures are drawn ten times a second.
  await pause(500);
  const picture = await page.screenshot({ fullPage: width > 1_000 });
  await writeFile(new URL(file, folder), picture);
  console.log(`${fileURLToPath(new URL(file, folder))}: ${Math.ceil(picture.length / 1_024)} KiB`);
}

if (findBrowser() === undefined) throw new Error('There is no Chromium and no Chrome: install one, or name it in CHROMIUM.');
await mkdir(folder, { recursive: true });
await takePictures();
