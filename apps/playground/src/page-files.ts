import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A file as a browser gets it. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
}

const scripts = ['card', 'chart', 'comparison', 'connect', 'dom', 'event-list', 'frame', 'life-bar', 'main', 'timeline'];

/** Every file of the page, by its path, and what the content security policy has to allow: its import map. */
export function readPageFiles(): { readonly files: ReadonlyMap<string, PageFile>; readonly allowed: string } {
  const html = readText('page/index.html');
  const files = new Map<string, PageFile>([
    ['/', { type: 'text/html; charset=utf-8', text: html }],
    ['/style.css', { type: 'text/css; charset=utf-8', text: readText('page/style.css') }],
    ['/icon.svg', { type: 'image/svg+xml', text: readText('page/icon.svg') }],
    ['/hand-written.txt', { type: 'text/plain; charset=utf-8', text: readText('src/hand-written.ts') }],
    ['/uplot.js', script(readFileSync(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.esm.js')), 'utf8'))],
    [
      '/uplot.css',
      { type: 'text/css; charset=utf-8', text: readFileSync(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8') },
    ],
    ...scripts.map((name): [string, PageFile] => [`/${name}.ts`, script(stripTypeScriptTypes(readText(`page/${name}.ts`)))]),
  ]);
  const importMap = /<script type="importmap">([^<]*)<\/script>/.exec(html)?.[1] ?? '';
  return { files, allowed: `'sha256-${createHash('sha256').update(importMap).digest('base64')}'` };
}

function readText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

function script(text: string): PageFile {
  return { type: 'text/javascript; charset=utf-8', text };
}
