import { isAuthError } from '@x/auth-core';
import { assertNoSecrets } from '@x/auth-core/testing';
import { describe, expect, it } from 'vitest';

import { createDatacomsysTokenProvider, type DatacomsysOptions, datacomsysOptionsFromEnv } from '../src/index.ts';

const sentinel = 'q7Zx';
const good: DatacomsysOptions = { baseUrl: 'https://api.example.com', codePort: 'MTP', idERP: 15, password: 'p' };

/** The message of the CONFIG error that these options end in. */
function messageOf(options: unknown): string {
  try {
    // Options that a caller without types may give.
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
  it('that are right make a provider for the origin of the base URL', () => {
    expect(createDatacomsysTokenProvider(good)).toMatchObject({ name: 'datacomsys', origins: ['https://api.example.com'] });
    expect(createDatacomsysTokenProvider({ ...good, baseUrl: 'https://API.example.com:8443/logapass/' }).origins).toEqual([
      'https://api.example.com:8443',
    ]);
  });

  it('are all named where they are wrong, in one error, and none is quoted', () => {
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

  it.each([undefined, null, sentinel, 7_070, [], {}])('are not something else: %j', (options) => {
    expect(messageOf(options)).toMatch(/^datacomsys: wrong options: /);
  });

  it('that are missing are named: there is no public base URL', () => {
    const message = messageOf({});
    for (const field of ['baseUrl', 'codePort', 'idERP', 'password']) expect(message).toContain(`${field}: is missing`);
  });

  it.each(['MTP', 'mtp', '123', '   ', 'É漢🔑'])('have a port code of three characters: %j', (codePort) => {
    expect(wrong({ codePort })).toBe('fine');
  });

  it.each(['', 'MT', 'q7Zx', 'MTP\n', '🔑🔑'])('have no port code of another length: %j', (codePort) => {
    expect(wrong({ codePort })).toContain('codePort: expected three characters');
  });

  it.each([0, 15, -1, Number.MAX_SAFE_INTEGER])('have an id of the ERP that is an integer: %j', (idERP) => {
    expect(wrong({ idERP })).toBe('fine');
  });

  it.each([7_070.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '7070', null, 7_070n])('have no other id of the ERP: %s', (idERP) => {
    expect(wrong({ idERP })).toContain('idERP: expected ');
  });

  it.each(['q7Zx\n', 'q7Zx\r\n'])('point out a password that ends in a line break: %j', (password) => {
    expect(wrong({ password })).toContain('password: ends in a line break');
  });

  it.each(['http://q7Zx.example', 'http://10.0.0.1', 'http://[2001:db8::1]'])('refuse plain http: %s', (baseUrl) => {
    expect(wrong({ baseUrl })).toContain('baseUrl: plain http is refused except on loopback');
    expect(wrong({ baseUrl, allowInsecure: true })).toBe('fine');
  });

  it.each(['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost/x', 'https://[2001:db8::1]/x'])(
    'take loopback, and IPv6: %s',
    (baseUrl) => {
      expect(createDatacomsysTokenProvider({ ...good, baseUrl }).origins).toEqual([new URL(baseUrl).origin]);
    },
  );

  it.each(['https://u:q7Zx@h.example', 'https://h.example/?q7Zx', 'https://h.example/#q7Zx'])(
    'take no base URL with more than a path: %s',
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

  it('are those that are set, the id as a number', () => {
    expect(datacomsysOptionsFromEnv(env)).toEqual({ baseUrl: 'https://x.example', codePort: 'MTP', idERP: 15, password: 'p' });
  });

  it('are all named where they are missing, and the others are not quoted', () => {
    const read = (): unknown => datacomsysOptionsFromEnv({ DATACOMSYS_PASSWORD: sentinel, DATACOMSYS_CODE_PORT: '' });
    expect(read).toThrow(
      'datacomsys: these environment variables are not set: DATACOMSYS_BASE_URL, DATACOMSYS_CODE_PORT, DATACOMSYS_ID_ERP',
    );
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });

  it.each(['q7Zx', '1.5', '0x0f', '1e3', '15 16', '１５'])('have an id of the ERP that is an integer, not %j', (id) => {
    const read = (): unknown => datacomsysOptionsFromEnv({ ...env, DATACOMSYS_ID_ERP: id });
    expect(read).toThrow('datacomsys: DATACOMSYS_ID_ERP: expected an integer');
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG', message: expect.not.stringContaining(id) }));
  });

  it('come from this process where nothing else is given', () => {
    const before = process.env['DATACOMSYS_ID_ERP'];
    process.env['DATACOMSYS_ID_ERP'] = '';
    expect(() => datacomsysOptionsFromEnv()).toThrow(/DATACOMSYS_ID_ERP/);
    if (before === undefined) delete process.env['DATACOMSYS_ID_ERP'];
    else process.env['DATACOMSYS_ID_ERP'] = before;
  });
});
