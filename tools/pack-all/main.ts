// pnpm pack:all [directory]: the packages as files, for as long as they are not published.
import { join, resolve } from 'node:path';

import { packAll } from './pack-all.ts';

const root = join(import.meta.dirname, '../..');
const into = resolve(process.argv[2] ?? join(root, 'packs'));
const lines = packAll(root, into);
console.log(`The packages are in ${into}. In your project run what you need:

${lines.map((line) => `  ${line}`).join('\n')}

The command line and the stores work with a provider: run your provider's line, too.
Before Node 22.19 write undici@7 in place of undici.`);
