import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs a package in a working directory whose entry point for the shell is this. */
export function installPackage(cwd: string, name: string, cli: string): void {
  const directory = join(cwd, 'node_modules', name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, type: 'module', exports: { './cli': './cli.js' } }));
  writeFileSync(join(directory, 'cli.js'), cli);
}

/** JavaScript that stands in the place of what {@link acme} has. */
interface Changes {
  /** Members of the provider. */
  readonly provider?: string;
  /** Members of what the package offers. */
  readonly shell?: string;
}

/** The entry point of a vendor without a login: it has a token from the start. */
export const acme = (name: string, { provider = '', shell = '' }: Changes = {}): string => `
const token = { value: 'acme-token', issuedAt: Date.now() };
export const shellSupport = {
  name: '${name}', title: 'Acme', variables: [{ name: 'ACME_BASE_URL' }], firstCall: { path: '/me' },
  createProvider: (env) => ({
    name: '${name}', baseUrl: env.ACME_BASE_URL, origins: [env.ACME_BASE_URL], peekToken: () => token, getToken: async () => token,
    isRejection: ({ status }) => status === 401, requestHeaders: () => ({ 'x-token': 'acme-token' }),
    status: async () => ({ fingerprint: '1a2b3c4d', issuedAt: token.issuedAt }), forget: async () => undefined,
    ${provider}
  }),
  explain: () => undefined,
  startSandbox: () => { throw new Error('there is none'); },
  ${shell}
};`;
