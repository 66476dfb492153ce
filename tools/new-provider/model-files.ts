/** The package that new ones are copied from: the smallest provider. */
export const MODEL_DIR = 'packages/datacomsys-auth';

/** What of it is that vendor's alone, and has no counterpart in a new package. */
export const vendorsOwn: readonly string[] = [
  'src/envelope-status.ts',
  'src/sandbox/calls.ts',
  'src/sandbox/envelope.ts',
  'src/sandbox/login.ts',
];

/** Where a copied file states a fact about that vendor, and what stands there instead. Each must be found: the model may have changed. */
export const edits: readonly { readonly file: string; readonly from: RegExp; readonly to: string }[] = [
  { file: 'package.json', from: /"version": "[^"]+"/, to: '"version": "0.0.0"' },
  {
    file: 'src/create-datacomsys-token-provider.ts',
    from: /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\nexport function create/,
    to: `/**
 * A provider of DataComSys tokens, sent to the origin of \`baseUrl\` only. Fill in: the Authorization header, and how well it is known: [S], [V] or [A].
 *
 * @throws AuthError \`CONFIG\` that names every wrong option; \`STORE\` where the store does not fit. Nothing is sent before a token is asked for.
 */
export function create`,
  },
  { file: 'src/create-datacomsys-token-provider.ts', from: /identity: \[[^\]]*\],/, to: 'identity: [account.baseUrl, account.user],' },
];
