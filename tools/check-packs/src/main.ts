import { readReports } from '@x/api-report';
import { type PackedPackage, packPackages, temporaryDirectory } from '@x/packed';

import { checkContents } from './contents.ts';
import type { Finding, PackCheck } from './finding.ts';
import { checkManifest } from './manifest.ts';
import { checkPublint } from './publint.ts';
import { checkSizes } from './sizes.ts';
import { checkTypes } from './types-wrong.ts';

const checks: readonly PackCheck[] = [checkManifest, checkContents, checkPublint, checkTypes];

await using directory = await temporaryDirectory();
const packages = await packPackages(directory.path);
const findings = [...(await checkAll(packages)), ...checkReports(), ...(await checkSizes())];
for (const { package: name, message } of findings) console.error(`${name}: ${message}`);
console.log(`${packages.length} packages, ${findings.length} findings`);
process.exitCode = packages.length === 0 || findings.length > 0 ? 1 : 0;

async function checkAll(all: readonly PackedPackage[]): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const packed of all) {
    const messages = (await Promise.all(checks.map((check) => check(packed)))).flat();
    found.push(...messages.map((message) => ({ package: packed.name, message })));
  }
  return found;
}

function checkReports(): readonly Finding[] {
  const changed = readReports().filter(({ current, accepted }) => current !== accepted);
  return changed.map(({ path }) => ({
    package: path,
    message: 'the public declarations have changed; to accept them, run `pnpm api:update` and commit the file',
  }));
}
