import type { PackedPackage } from '@x/packed';

/** Something that has to be put right before a package is published. */
export interface Finding {
  readonly package: string;
  readonly message: string;
}

/** Looks at a packed package. */
export type PackCheck = (packed: PackedPackage) => Promise<readonly string[]>;
