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

/** Options of `createDatacomsysTokenProvider`: the DataComSys account, and all {@link TokenProviderOptions}. */
export interface DatacomsysOptions extends TokenProviderOptions {
  /**
   * The base URL of the API, with or without a path prefix. DataComSys gives it to each integrator; there is no public one [V]. The token is sent to
   * its origin only.
   */
  baseUrl: string;
  /** The code of the port: three characters [S]. */
  codePort: string;
  /** The id of the ERP: an integer, issued by DataComSys [S]. */
  idERP: number;
  /** The password of the ERP, issued by DataComSys [S], or a function that is called before each login and returns it. */
  password: PasswordOption;
}

/** The options that the login needs, checked. */
export type DatacomsysAccount = ReturnType<typeof checkDatacomsysOptions>;

/** The valibot schema of {@link DatacomsysOptions}. */
export function datacomsysOptionsSchema(allowInsecure: boolean) {
  return v.object({
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
}

/** @throws AuthError `CONFIG` that names every wrong field and quotes no value. */
export function checkDatacomsysOptions(options: DatacomsysOptions) {
  const schema = datacomsysOptionsSchema(typeof options === 'object' && options?.allowInsecure === true);
  const { baseUrl, codePort, idERP, password } = parseOptions(schema, options, 'datacomsys');
  return { baseUrl, codePort, idERP, password };
}

/**
 * Reads `DATACOMSYS_BASE_URL`, `DATACOMSYS_CODE_PORT`, `DATACOMSYS_ID_ERP` and `DATACOMSYS_PASSWORD`. An empty variable counts as not set.
 *
 * @throws AuthError `CONFIG` that names every missing variable and every misspelt name, or says that the ERP's id is not an integer.
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
