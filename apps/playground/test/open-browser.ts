import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

import { findBrowser } from './find-browser.ts';

/** How somebody looks at a page. */
export interface View {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Whether it is drawn once a second only, which is enough where nobody looks at it. */
  readonly calm?: boolean;
}

/** Starts the browser that was found. It goes nowhere by itself. */
export function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];
  return chromium.launch({ executablePath: findBrowser() ?? '', args });
}

/** The page in a context of its own, as soon as it shows both vendors. */
export async function openPage(
  browser: Browser,
  url: string,
  { width, height = 900, scheme = 'light', calm = true }: View,
): Promise<OpenPage> {
  // uPlot asks for the language, and a browser without any has none.
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: 'en-US',
    reducedMotion: calm ? 'reduce' : 'no-preference',
  });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(url);
  await page.locator('#datacomsys').waitFor();
  return { page, context, ...watched, [Symbol.asyncDispose]: () => context.close() };
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about: errors, and what the content security policy forbade. */
  readonly complaints: readonly string[];
  /** Every URL that it asked for. */
  readonly urls: readonly string[];
}

function watch(page: Page): Pick<OpenPage, 'complaints' | 'urls'> {
  const complaints: string[] = [];
  const urls: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => urls.push(request.url()));
  return { complaints, urls };
}
