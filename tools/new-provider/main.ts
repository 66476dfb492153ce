// pnpm new-provider <name>: the package of another vendor, ready to be filled in.
import { createProvider } from './create-provider.ts';
import { readArguments } from './options.ts';

try {
  const dir = createProvider(new URL('../..', import.meta.url).pathname, readArguments(process.argv.slice(2)));
  console.log(`${dir} is there. Next:

  1. npx -y pnpm@12 install && npx -y pnpm@12 format
  2. npx -y pnpm@12 exec vitest run ${dir}    says what to fill in next; again and again until it passes
  3. npx -y pnpm@12 check:rules               says what else is left: look for "Fill in:"; delete src/fill-in.ts when nothing calls it
  4. npx -y pnpm@12 docs:api                  writes its pages of the API reference

CONTRIBUTING.md tells the whole way.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
