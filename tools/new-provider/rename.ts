import { type VendorNames, vendorNames } from '../check-rules/vendor-names.ts';

/** The vendor of the package that new ones are copied from: the smallest. */
const MODEL = /DataComSys|DATACOMSYS|Datacomsys|datacomsys(?=[A-Z])|datacomsys/g;
/** The vendor of the files in `template/`. */
const TEMPLATE = /ACME|Acme|acme(?=[A-Z])|acme/g;

/** Puts the new vendor's name where the model's, or the template's, stands: in a text or in a path. */
export function rename(text: string, vendor: string, from: 'model' | 'template'): string {
  const names = vendorNames(`${vendor}-auth`);
  return text.replaceAll(from === 'model' ? MODEL : TEMPLATE, (found, index: number) => {
    const next = text.charAt(index + found.length);
    return pick(found, /[A-Z]/.test(next), names);
  });
}

function pick(found: string, startsName: boolean, { env, type, value, file }: VendorNames): string {
  if (found === found.toUpperCase()) return env;
  if (found !== found.toLowerCase()) return type;
  return startsName ? value : file;
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
