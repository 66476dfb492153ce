import { parseArgs } from 'node:util';

/** How a vendor's login and token look, as far as the template knows. */
export interface ProviderShape {
  readonly vendor: string;
  /** How the login sends the credentials. */
  readonly login: string;
  /** How the end of a token is known. */
  readonly lifetime: string;
  /** The header that carries the token, in lower case; absent = `Authorization`. */
  readonly tokenHeader?: string;
}

const logins = ['json', 'form', 'basic', 'get'];
const lifetimes = ['told', 'unknown', 'jwt', 'none'];

const usage = `pnpm new-provider <name> [--login ${logins.join('|')}] [--lifetime ${lifetimes.join('|')}] [--token-header <name>]

  <name>          the vendor in lower case, like acme or acme-pay
  --login         what the login sends: a JSON body (default), a form, HTTP Basic, or the query of a GET
  --lifetime      the end of a token: told by the answer (default), unknown, inside the token (jwt), or none
  --token-header  the header that carries the token alone, where it is not Authorization: X-Auth-Token`;

/** @throws Error that says what is wrong and shows the usage. */
export function readArguments(args: readonly string[]): ProviderShape {
  const options = { login: { type: 'string' }, lifetime: { type: 'string' }, 'token-header': { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [name, ...more] = positionals;
    if (more.length > 0) throw new Error(`expected one name, not also ${more.join(' ')}`);
    const header = values['token-header'];
    return {
      vendor: checkName(name),
      login: checkChoice('login', values.login ?? 'json', logins),
      lifetime: checkChoice('lifetime', values.lifetime ?? 'told', lifetimes),
      ...(header === undefined ? {} : { tokenHeader: checkHeader(header) }),
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

function checkName(name: string | undefined): string {
  if (name === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new Error('expected the name of the vendor in lower case');
  }
  if (/(?:^|-)auth$|^auth-/.test(name)) throw new Error(`the package will be @x/<name>-auth: leave "auth" out of "${name}"`);
  return name;
}

function checkChoice(option: string, value: string, known: readonly string[]): string {
  if (!known.includes(value)) throw new Error(`--${option} ${value}: expected ${known.join(', ')}`);
  return value;
}

function checkHeader(name: string): string {
  const header = name.toLowerCase();
  if (!/^[a-z][a-z0-9-]*$/.test(header)) throw new Error(`--token-header ${name}: expected the name of a header`);
  if (header === 'authorization') throw new Error('--token-header authorization: leave it out, this is the default');
  if (header === 'cookie')
    throw new Error('--token-header cookie: leave it out, and write requestHeaders yourself: a cookie has a name of its own');
  return header;
}
