import { isAuthError, type TokenProviderOptions } from '@x/auth-core';
import { assertNoSecrets } from '@x/auth-core/testing';
import type { InferInput } from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';

import { createDatacomsysTokenProvider, type DatacomsysOptions, datacomsysOptionsFromEnv } from '../src/index.ts';
import type { datacomsysOptionsSchema } from '../src/options.ts';

const sentinel = 'q7Zx';
const good: DatacomsysOptions = { baseUrl: 'https://api.example.com', codePort: 'MTP', idERP: 15, password: 'p' };

/** The message of the CONFIG error for these options; `fine` if there is none. */
function messageOf(options: unknown): string {
  try {
    // Callers in JavaScript may pass anything.
    createDatacomsysTokenProvider(options as DatacomsysOptions);
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'CONFIG' || error.provider !== 'datacomsys') throw error;
    assertNoSecrets(error, [sentinel, '7070']);
    return error.message;
  }
  return 'fine';
}

const wrong = (options: Record<string, unknown>): string => messageOf({ ...good, ...options });

describe('options', () => {
  it('the type DatacomsysOptions is what the schema accepts', () => {
    type Accepted = InferInput<ReturnType<typeof datacomsysOptionsSchema>>;
    expectTypeOf<Omit<Accepted, keyof TokenProviderOptions>>().toEqualTypeOf<Omit<DatacomsysOptions, keyof TokenProviderOptions>>();
  });

  it('valid options create a provider for the origin of the base URL', () => {
    expect(createDatacomsysTokenProvider(good)).toMatchObject({ name: 'datacomsys', origins: ['https://api.example.com'] });
    expect(createDatacomsysTokenProvider({ ...good, baseUrl: 'https://API.example.com:8443/logapass/' }).origins).toEqual([
      'https://api.example.com:8443',
    ]);
  });

  it('one CONFIG error names all wrong options and quotes none', () => {
    const message = messageOf({
      baseUrl: sentinel,
      codePort: `${sentinel}${sentinel}`,
      idERP: sentinel,
      password: 7_070,
      timeout: sentinel,
      attemptTimeout: -7_070,
      retries: 7_070.5,
      store: sentinel,
      dispatcher: sentinel,
      clock: {},
    });
    for (const field of [
      'baseUrl',
      'codePort',
      'idERP',
      'password',
      'timeout',
      'attemptTimeout',
      'retries',
      'store',
      'dispatcher',
      'clock',
    ]) {
      expect(message).toMatch(new RegExp(`[ ;]${field}: `));
    }
  });

  it.each([undefined, null, sentinel, 7_070, [], {}])('options that are not an object are CONFIG: %j', (options) => {
    expect(messageOf(options)).toMatch(/^datacomsys: wrong options: /);
  });

  it('one CONFIG error names all missing options, baseUrl included', () => {
    const message = messageOf({});
    for (const field of ['baseUrl', 'codePort', 'idERP', 'password']) expect(message).toContain(`${field}: is missing`);
  });

  it.each(['MTP', 'mtp', '123', '   ', 'É漢🔑'])('a port code of three characters is accepted: %j', (codePort) => {
    expect(wrong({ codePort })).toBe('fine');
  });

  it.each(['', 'MT', 'q7Zx', 'MTP\n', '🔑🔑'])('a port code of another length is CONFIG: %j', (codePort) => {
    expect(wrong({ codePort })).toContain('codePort: expected three characters');
  });

  it.each([0, 15, -1, Number.MAX_SAFE_INTEGER])('an integer is accepted as the id of the ERP: %j', (idERP) => {
    expect(wrong({ idERP })).toBe('fine');
  });

  it.each([7_070.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '7070', null, 7_070n])(
    'an id of the ERP that is not an integer is CONFIG: %s',
    (idERP) => {
      expect(wrong({ idERP })).toContain('idERP: expected ');
    },
  );

  it.each(['q7Zx\n', 'q7Zx\r\n'])('a password that ends in a line break is CONFIG: %j', (password) => {
    expect(wrong({ password })).toContain('password: ends in a line break');
  });

  it.each(['http://q7Zx.example', 'http://10.0.0.1', 'http://[2001:db8::1]'])(
    'plain http is CONFIG, unless allowInsecure is set: %s',
    (baseUrl) => {
      expect(wrong({ baseUrl })).toContain('baseUrl: plain http is refused except on loopback');
      expect(wrong({ baseUrl, allowInsecure: true })).toBe('fine');
    },
  );

  it.each(['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost/x', 'https://[2001:db8::1]/x'])(
    'plain http on loopback and IPv6 hosts are accepted: %s',
    (baseUrl) => {
      expect(createDatacomsysTokenProvider({ ...good, baseUrl }).origins).toEqual([new URL(baseUrl).origin]);
    },
  );

  it.each(['https://u:q7Zx@h.example', 'https://h.example/?q7Zx', 'https://h.example/#q7Zx'])(
    'a base URL with more than a path is CONFIG: %s',
    (baseUrl) => {
      expect(wrong({ baseUrl })).toContain('baseUrl: expected a URL without user name, password, query and fragment');
    },
  );
});

describe('options from the environment', () => {
  const env = {
    DATACOMSYS_BASE_URL: 'https://x.example',
    DATACOMSYS_CODE_PORT: 'MTP',
    DATACOMSYS_ID_ERP: ' 15 ',
    DATACOMSYS_PASSWORD: 'p',
  };

  it('the options from the environment are the variables that are set, the id as a number', () => {
    expect(datacomsysOptionsFromEnv(env)).toEqual({ baseUrl: 'https://x.example', codePort: 'MTP', idERP: 15, password: 'p' });
  });

  it('one CONFIG error names all missing variables and quotes no others', () => {
    const read = (): unknown => datacomsysOptionsFromEnv({ DATACOMSYS_PASSWORD: sentinel, DATACOMSYS_CODE_PORT: '' });
    expect(read).toThrow(
      'datacomsys: these environment variables are not set: DATACOMSYS_BASE_URL, DATACOMSYS_CODE_PORT, DATACOMSYS_ID_ERP',
    );
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });

  it.each(['q7Zx', '1.5', '0x0f', '1e3', '15 16', '１５'])('DATACOMSYS_ID_ERP that is not an integer is CONFIG: %j', (id) => {
    const read = (): unknown => datacomsysOptionsFromEnv({ ...env, DATACOMSYS_ID_ERP: id });
    expect(read).toThrow('datacomsys: DATACOMSYS_ID_ERP: expected an integer');
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG', message: expect.not.stringContaining(id) }));
  });

  it('without an argument the options come from process.env', () => {
    const before = process.env['DATACOMSYS_ID_ERP'];
    process.env['DATACOMSYS_ID_ERP'] = '';
    expect(() => datacomsysOptionsFromEnv()).toThrow(/DATACOMSYS_ID_ERP/);
    if (before === undefined) delete process.env['DATACOMSYS_ID_ERP'];
    else process.env['DATACOMSYS_ID_ERP'] = before;
  });
});
