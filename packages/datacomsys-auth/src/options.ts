import { AuthError, type TokenProviderOptions } from '@x/auth-core';
import {
  baseUrlSchema,
  parseOptions,
  type PasswordOption,
  passwordSchema,
  readEnv,
  tokenProviderOptionEntries,
} from '@x/auth-core/provider';
import * as v from 'valibot';

/** How to log in to DataComSys, and everything that {@link TokenProviderOptions} has. */
export interface DatacomsysOptions extends TokenProviderOptions {
  /** Where the API is, a path prefix included. DataComSys hands it out to each integrator; there is no public one [V]. The token goes to its origin only. */
  baseUrl: string;
  /** The port's code: three characters [S]. */
  codePort: string;
  /** The id of the ERP: an integer, issued by DataComSys [S]. */
  idERP: number;
  /** The ERP's password, issued by DataComSys [S], or a function that is asked for it before each login. */
  password: PasswordOption;
}

/** The options that concern the login, checked. */
export type DatacomsysAccount = Omit<DatacomsysOptions, keyof TokenProviderOptions>;

/** @throws AuthError `CONFIG` that names every wrong field and quotes no value. */
export function checkDatacomsysOptions(options: DatacomsysOptions): DatacomsysAccount {
  const allowInsecure = typeof options === 'object' && options?.allowInsecure === true;
  const schema = v.object({
    ...tokenProviderOptionEntries,
    baseUrl: baseUrlSchema(allowInsecure),
    codePort: v.pipe(
      v.string(),
      v.check((code) => Array.from(code).length === 3, 'expected three characters'),
    ),
    idERP: v.pipe(
      v.number(),
      v.check((id) => Number.isSafeInteger(id), 'expected an integer'),
    ),
    password: passwordSchema,
  });
  const { baseUrl, codePort, idERP, password } = parseOptions(schema, options, 'datacomsys');
  return { baseUrl, codePort, idERP, password };
}

/**
 * Reads `DATACOMSYS_BASE_URL`, `DATACOMSYS_CODE_PORT`, `DATACOMSYS_ID_ERP` and `DATACOMSYS_PASSWORD`. An empty variable counts as not set.
 *
 * @throws AuthError `CONFIG` that names every variable that is missing, or there under a misspelt name, or that the ERP's id is no integer.
 */
export function datacomsysOptionsFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): DatacomsysOptions {
  const names = ['DATACOMSYS_BASE_URL', 'DATACOMSYS_CODE_PORT', 'DATACOMSYS_ID_ERP', 'DATACOMSYS_PASSWORD'] as const;
  const found = readEnv(env, 'datacomsys', names, []);
  if (!/^\s*-?\d+\s*$/.test(found.DATACOMSYS_ID_ERP)) {
    throw new AuthError({ code: 'CONFIG', provider: 'datacomsys', message: 'datacomsys: DATACOMSYS_ID_ERP: expected an integer' });
  }
  return {
    baseUrl: found.DATACOMSYS_BASE_URL,
    codePort: found.DATACOMSYS_CODE_PORT,
    idERP: Number(found.DATACOMSYS_ID_ERP),
    password: found.DATACOMSYS_PASSWORD,
  };
}
