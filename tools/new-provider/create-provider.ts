import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { ProviderShape } from './options.ts';
import { registerPackage } from './register-package.ts';

const template = join(import.meta.dirname, 'template');

/**
 * Makes the package of a new provider from `template/`: what is the same for every vendor is there, what differs throws until it is filled in. Makes it
 * known to the rest of the repository, too.
 *
 * @returns the package's folder, relative to the root.
 * @throws Error if the package exists.
 */
export function createProvider(root: string, shape: ProviderShape): string {
  const name = `${shape.vendor}-auth`;
  const dir = `packages/${name}`;
  if (existsSync(join(root, dir))) throw new Error(`${dir} exists already: nothing was changed`);
  for (const path of globSync('**/*.txt', { cwd: template })) {
    const target = join(root, dir, path.replace(/\.txt$/, ''));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(join(template, path), 'utf8'), shape));
  }
  cpSync(join(root, 'LICENSE'), join(root, dir, 'LICENSE'));
  registerPackage(root, name, (text) => rename(text, shape.vendor));
  return dir;
}

function fill(text: string, { vendor, login, lifetime, tokenHeader }: ProviderShape): string {
  const chosen = choose(text, { login, lifetime, token: tokenHeader === undefined ? 'authorization' : 'header' });
  return rename(chosen, vendor).replaceAll('token-header', tokenHeader ?? '');
}

/** Of the parts of a template, those for these choices. A part begins with a line like `//? login=form,get` and ends before the next `//?`. */
function choose(text: string, choices: Readonly<Record<string, string>>): string {
  let isWanted = true;
  const lines = text.split('\n').filter((line) => {
    const marker = /^\/\/\?(?: (?<choice>\w+)=(?<values>[\w,]+))?$/.exec(line);
    if (marker === null) return isWanted;
    const { choice, values = '' } = marker.groups ?? {};
    isWanted = choice === undefined || values.split(',').includes(choices[choice] ?? '');
    return false;
  });
  return lines.join('\n');
}

/** Puts the vendor's name where the template's stands: `ACME_PAY`, `AcmePay`, `acmePay` or `acme-pay`. */
function rename(text: string, vendor: string): string {
  const type = vendor.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = type.charAt(0).toLowerCase() + type.slice(1);
  const names: Readonly<Record<string, string>> = { ACME: vendor.replaceAll('-', '_').toUpperCase(), Acme: type, acme: vendor };
  // In one pass: a vendor may be called acme-pay.
  return text.replaceAll(/ACME|Acme|acme/g, (found, at: number) =>
    /^acme[A-Z]/.test(text.slice(at, at + 5)) ? value : (names[found] ?? found),
  );
}
