// Makes docs/api from the docstrings. With --check it writes nothing, and fails where a page is not what it would write.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readPackages } from './entry-points.ts';
import { renderIndex, renderPackage } from './page.ts';

const root = join(import.meta.dirname, '../..');
const packages = readPackages(root);
const pages = new Map([
  page('docs/api/README.md', renderIndex(packages)),
  ...packages.map((one) => page(`docs/api/${one.folder}.md`, renderPackage(root, one))),
]);
const stale = [...pages].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale: run node tools/api-reference/main.ts`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  mkdirSync(join(root, 'docs/api'), { recursive: true });
  for (const [path, text] of stale) writeFileSync(join(root, path), text);
}
console.log(`api-reference: ${pages.size} pages, ${stale.length} of them ${process.argv.includes('--check') ? 'stale' : 'written'}`);

/** As the formatter leaves it, so that formatting the whole repository makes no page stale. */
function page(path: string, text: string): [path: string, text: string] {
  const formatter = join(root, 'node_modules/oxfmt/bin/oxfmt');
  return [path, execFileSync(process.execPath, [formatter, `--stdin-filepath=${path}`], { cwd: root, input: text, encoding: 'utf8' })];
}
