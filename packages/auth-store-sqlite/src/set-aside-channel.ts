/** The `node:diagnostics_channel` on which a store says that it found its file damaged and began a new one: {@link FileSetAside}. */
export const fileSetAsideChannel = '@x/auth-store-sqlite:file.set-aside';

/** A damaged file was set aside. It may still hold tokens: delete it once it is of no interest. */
export interface FileSetAside {
  /** Where the store is, with a new file. */
  readonly path: string;
  /** Where the damaged file is now. */
  readonly movedTo: string;
  /** What was wrong with it. */
  readonly why: string;
}
