import { posix } from 'node:path';

/** A vendor's name in the forms that a provider package has it. */
export interface VendorNames {
  /** In file names and package names: `acme-pay`. */
  readonly file: string;
  /** In names of types: `AcmePay`. */
  readonly type: string;
  /** In names of functions and values: `acmePay`. */
  readonly value: string;
  /** In names of environment variables: `ACME_PAY`. */
  readonly env: string;
}

/** The names that follow from a provider's folder, `packages/acme-pay-auth`. */
export function vendorNames(dir: string): VendorNames {
  const file = posix.basename(dir).replace(/-auth$/, '');
  const type = file.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { file, type, value: type.charAt(0).toLowerCase() + type.slice(1), env: file.replaceAll('-', '_').toUpperCase() };
}
