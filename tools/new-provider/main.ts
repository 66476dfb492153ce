// pnpm new-provider <name>: the package of a third vendor, ready to be filled in.
import { createProvider } from './create-provider.ts';

try {
  const dir = createProvider(new URL('../..', import.meta.url).pathname, process.argv[2]);
  console.log(`${dir} is there. Next:

  1. npx -y pnpm@12 install && npx -y pnpm@12 format
  2. npx -y pnpm@12 exec vitest run ${dir}    says what to fill in next; again and again until it passes
  3. npx -y pnpm@12 check:rules               says what else is left: look for "Fill in:"; delete src/fill-in.ts when nothing calls it

CONTRIBUTING.md tells the whole way.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
