import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const template = join(import.meta.dirname, 'template');

/**
 * Makes the package of a new provider from `template/`: what is the same for every vendor is there, what differs throws until it is filled in. Makes it
 * known to the compiler and to the next release, too.
 *
 * @returns the package's folder, relative to the root.
 * @throws Error if the name is not usable or the package exists.
 */
export function createProvider(root: string, name: string | undefined): string {
  const vendor = checkName(name);
  const dir = `packages/${vendor}-auth`;
  if (existsSync(join(root, dir))) throw new Error(`${dir} exists already: nothing was changed`);
  for (const path of globSync('**/*.txt', { cwd: template })) {
    const target = join(root, dir, path.replace(/\.txt$/, ''));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, rename(readFileSync(join(template, path), 'utf8'), vendor));
  }
  cpSync(join(root, 'LICENSE'), join(root, dir, 'LICENSE'));
  for (const config of ['tsconfig.json', 'tsconfig.tests.json']) addReference(join(root, config), dir);
  const changeset = `---\n'@x/${vendor}-auth': minor\n---\n\nThe first release.\n`;
  writeFileSync(join(root, '.changeset', `${vendor}-auth.md`), changeset, { flag: 'wx' });
  return dir;
}

/**
 * The name of a vendor, checked.
 *
 * @throws Error that says what a name looks like.
 */
export function checkName(name: string | undefined): string {
  if (name === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new Error('pnpm new-provider <name>: expected the name of the vendor in lower case, like acme or acme-pay');
  }
  if (/(?:^|-)auth$|^auth-/.test(name)) throw new Error(`the package will be @x/<name>-auth: leave "auth" out of "${name}"`);
  return name;
}

/** Puts the vendor's name where the template's stands: `ACME_PAY`, `AcmePay`, `acmePay` or `acme-pay`. */
function rename(text: string, vendor: string): string {
  const type = vendor.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return text
    .replaceAll('ACME', vendor.replaceAll('-', '_').toUpperCase())
    .replaceAll('Acme', type)
    .replaceAll(/acme(?=[A-Z])/g, type.charAt(0).toLowerCase() + type.slice(1))
    .replaceAll('acme', vendor);
}

function addReference(path: string, dir: string): void {
  // A configuration of this repository: its shape is the compiler's to check.
  const config = JSON.parse(readFileSync(path, 'utf8')) as { readonly references: readonly { readonly path: string }[] };
  const references = [{ path: dir }, ...config.references];
  writeFileSync(path, `${JSON.stringify({ ...config, references }, null, 2)}\n`);
}
