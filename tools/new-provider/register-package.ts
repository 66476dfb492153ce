import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `.size-limit.json` says of the bundle of an entry point. */
interface SizeLimit {
  readonly name: string;
  readonly path: string;
  readonly import: string;
}

/** What a `tsconfig.json` says of packages. */
interface References {
  readonly references: readonly { readonly path: string }[];
}

/**
 * Makes the package of a provider known to the compiler, to the check of bundle sizes and to the next release.
 *
 * @param rename Makes of a text about `acme` one about this vendor.
 */
export function registerPackage(root: string, name: string, rename: (text: string) => string): void {
  for (const path of ['tsconfig.json', 'tsconfig.tests.json']) {
    editJson<References>(join(root, path), (config) => ({ ...config, references: [{ path: `packages/${name}` }, ...config.references] }));
  }
  editJson<readonly SizeLimit[]>(join(root, '.size-limit.json'), (limits) => [...limitsOf(limits, rename), ...limits]);
  const changeset = `---\n'@x/${name}': minor\n---\n\nThe first release.\n`;
  writeFileSync(join(root, '.changeset', `${name}.md`), changeset, { flag: 'wx' });
}

function editJson<Content>(path: string, edit: (content: Content) => Content): void {
  const content = JSON.parse(readFileSync(path, 'utf8')) as Content; // a configuration of this repository: its shape is the compiler's and size-limit's to check
  writeFileSync(path, `${JSON.stringify(edit(content), null, 2)}\n`);
}

/** Most of a provider's bundle is the core: a new one may be as large as the first that is there. */
function limitsOf(limits: readonly SizeLimit[], rename: (text: string) => string): SizeLimit[] {
  const first = limits.map(({ path }) => /^packages\/((?!auth-)[\w-]+)-auth\//.exec(path)?.[1]).find((vendor) => vendor !== undefined);
  if (first === undefined) return [];
  const type = first.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const own = (text: string): string => rename(text.replaceAll(first, 'acme').replaceAll(type, 'Acme'));
  return limits
    .filter(({ path }) => path.startsWith(`packages/${first}-auth/`))
    .map((limit) => ({ ...limit, name: own(limit.name), path: own(limit.path), import: own(limit.import) }));
}
