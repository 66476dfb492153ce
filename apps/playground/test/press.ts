import { expect } from 'vitest';

import type { OpenPage } from './open-browser.ts';

export const vendors = ['eSignon', 'DataComSys'] as const;

/** Presses a button of a vendor, and returns what the page says came of it. */
export async function press({ page }: OpenPage, vendor: string, button: string): Promise<string> {
  const card = page.getByRole('region', { name: vendor });
  const answered = page.waitForResponse((response) => response.url().includes(`/api/${vendor.toLowerCase()}/`));
  await card.getByRole('button', { name: button, exact: true }).click();
  const { said } = (await (await answered).json()) as { said: string }; // the page shows it, which is what counts
  const status = card.getByRole('status');
  await expect.poll(() => status.textContent()).toBe(said);
  return said;
}

/** Everything new, for a test that counts. */
export async function startOver({ page }: OpenPage): Promise<void> {
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(() => page.locator('#said').textContent()).toContain('Everything is new');
}
