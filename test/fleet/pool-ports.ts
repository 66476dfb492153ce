/** The accounts that a pool is measured with. */
export const ports = {
  /** How many log in before anything is measured. */
  before: 50,
  /** How many are measured with a token: a login takes some milliseconds, so not all. */
  measured: 300,
  codeAndPassword: { codePort: 'MTP', password: 'of the port' },
} as const;
