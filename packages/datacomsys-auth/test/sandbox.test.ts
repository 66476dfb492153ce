import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

import { type DatacomsysSandbox, type DatacomsysSandboxOptions, startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const documentedRequest = JSON.parse(fixture('login-request.fr.json'));
const documentedAnswer = JSON.parse(fixture('login-answer.fr.json'));

/** The words of the document for a failure: behind the code's heading, or on the first line below it. */
const documentedFailure = (status: number): string | undefined =>
  new RegExp(`^#### Erreur - Code ${status}(?: - |\\s+)(.+)$`, 'm').exec(fixture('login-errors.fr.txt'))?.[1];

let sandbox: DatacomsysSandbox;

async function start(options?: DatacomsysSandboxOptions): Promise<DatacomsysSandbox> {
  sandbox = await startDatacomsysSandbox(options);
  return sandbox;
}

afterEach(() => sandbox.close());

async function send(path: string, init?: RequestInit) {
  const response = await fetch(sandbox.url + path, init);
  return { status: response.status, json: await response.json() };
}

const post = (body: string, path = '/Auth/Login') => send(path, { method: 'POST', body });

function login(change: object = {}, path?: string) {
  const [{ codePort, idERP, password }] = sandbox.accounts;
  return post(JSON.stringify({ codePort, idERP, password, ...change }), path);
}

const Success = v.object({ data: v.object({ token: v.string() }) });

const tokenOf = async (): Promise<string> => v.parse(Success, (await login()).json).data.token;

const account = (authorization: string) => send('/account', { headers: { authorization } });

const plaisancier = (authorization: string, body: unknown) =>
  send('/plaisancier', { method: 'POST', headers: { authorization }, body: JSON.stringify(body) });

const refused = { status: 401, msg: 'Authenfication failed', data: null };

describe('a login at the DataComSys sandbox', () => {
  it('the sandbox accepts the documented login request and returns the documented response, word for word', async () => {
    await start({ accounts: [documentedRequest] });
    const { status, json } = await post(fixture('login-request.fr.json'));
    expect(status).toBe(documentedAnswer.status);
    expect(json).toStrictEqual({
      ...documentedAnswer,
      data: { token: expect.stringMatching(/^\w{38,}$/) },
    });
  });

  it.each<[string, object]>([
    ['the port', { codePort: 'XXX' }],
    ['the ERP', { idERP: 16 }],
    ['the password', { password: 'wrong' }],
    ['the length of the port', { codePort: 'MTPL' }],
    ['the kind of the ERP', { idERP: '15' }],
    ['a fraction', { idERP: 15.5 }],
    ['a missing field', { password: undefined }],
  ])('a login is refused with the documented message, which gives no hint, if this is wrong: %s', async (_, change) => {
    await start();
    expect(await login(change)).toStrictEqual({ status: 401, json: refused });
    expect(refused.msg).toBe(documentedFailure(401));
  });

  it('a login whose body is not JSON gets the documented internal error', async () => {
    await start();
    expect(await post('{"codePort":')).toEqual({
      status: 500,
      json: { status: 500, msg: documentedFailure(500), data: null },
    });
  });

  it.each([
    [{}, '/logapass'],
    [{ basePath: '/ws/v1' }, '/ws/v1'],
    [{ basePath: '' }, ''],
  ])('the sandbox answers below its own base path only: %o', async (options, path) => {
    await start(options);
    expect(new URL(sandbox.url).pathname).toBe(path === '' ? '/' : path);
    const { origin } = new URL(sandbox.url);
    const statusAt = async (url: string): Promise<number> => (await fetch(url, { method: 'POST', body: '{' })).status;
    expect(await statusAt(`${origin}${path}/Auth/Login`)).toBe(500);
    for (const elsewhere of ['/elsewhere', `${path}/v1`, `${path}/x`, '//logapass', ...(path === '' ? [] : ['', `${path}x`])]) {
      expect(await statusAt(`${origin}${elsewhere}/Auth/Login`)).toBe(404);
    }
    expect(sandbox.logins).toBe(1);
  });

  it.each([{ account: [] }, { basepath: '/x' }, { rejections: 'status' }])(
    'an option that the sandbox does not know is CONFIG: %o',
    async (options) => {
      await start();
      // What JavaScript may call it with.
      await expect(startDatacomsysSandbox(options as DatacomsysSandboxOptions)).rejects.toMatchObject({
        code: 'CONFIG',
        message: expect.stringContaining(Object.keys(options).join()),
      });
    },
  );

  it.each(['statuts', 'code'] as const)('the envelope may spell its status as some pages do: %s', async (statusSpelling) => {
    await start({ statusSpelling });
    expect((await login({ password: 'wrong' })).json).toStrictEqual({ [statusSpelling]: 401, msg: refused.msg, data: null });
  });

  it('logins counts refused and failed logins, too', async () => {
    await start();
    sandbox.fail('reset');
    await login().catch(() => {});
    await login({ password: 'wrong' });
    await login();
    await account('x');
    expect(sandbox.logins).toBe(3);
  });

  it('a changed password applies from the next login on', async () => {
    await start();
    const { password } = sandbox.accounts[0];
    sandbox.accounts[0].password = 'a new one';
    expect([(await login({ password })).status, (await login()).status]).toEqual([401, 200]);
  });
});

describe('a token of the DataComSys sandbox', () => {
  it('a token of the sandbox is accepted alone in the header, and not with a scheme', async () => {
    await start();
    const token = await tokenOf();
    const opened = {
      status: 200,
      json: { status: 200, msg: 'ok', data: { portCode: 'MTP', portName: 'Port de Montpellier' } },
    };
    expect(await account(token)).toEqual(opened);
    expect((await account(`Bearer ${token}`)).status).toBe(401);
  });

  it('a token belongs to its port', async () => {
    await start({
      accounts: ['AAA', 'BBB'].map((codePort) => ({ codePort, idERP: 1, password: codePort })),
    });
    const token = v.parse(Success, (await login({ codePort: 'BBB', password: 'BBB' })).json).data.token;
    expect((await account(token)).json).toMatchObject({
      data: { portCode: 'BBB', portName: 'Port BBB' },
    });
  });

  it.each<[DatacomsysSandboxOptions, number]>([
    [{}, 401],
    [{ rejection: 'envelope' }, 200],
  ])('a token is rejected by status or in the envelope, as the option rejection says: %o', async (options, status) => {
    await start(options);
    expect(await account('made up')).toEqual({
      status,
      json: { status: 401, msg: 'unauthorized', data: null },
    });
    expect(await send('/account')).toMatchObject({ status, json: { status: 401 } });
  });

  it('a token is permanent', async () => {
    let now = Date.UTC(2030, 0, 1);
    await start({ now: () => now });
    const token = await tokenOf();
    now = Date.UTC(2130, 0, 1);
    expect((await account(token)).status).toBe(200);
  });

  it.each([
    [false, 200],
    [true, 401],
  ])('with singleSession %s an older token gets status %s after another login', async (singleSession, status) => {
    await start({ singleSession });
    const [first, second] = [await tokenOf(), await tokenOf()];
    expect(first).not.toBe(second);
    expect([(await account(first)).status, (await account(second)).status]).toEqual([status, 200]);
  });

  it('one token can be revoked, or all', async () => {
    await start();
    const [first, second] = [await tokenOf(), await tokenOf()];
    const statuses = async () => [(await account(first)).status, (await account(second)).status];
    sandbox.revoke(first);
    expect(await statuses()).toEqual([401, 200]);
    sandbox.revoke();
    expect(await statuses()).toEqual([401, 401]);
  });
});

describe('the boat owners of the DataComSys sandbox', () => {
  const saved = (msg: string, idPlaisanc: number, Matricule: string) => ({
    status: 200,
    json: { status: 200, msg, data: { idPlaisanc, Matricule } },
  });

  it('the sandbox creates boat owners and counts them', async () => {
    await start();
    const token = await tokenOf();
    const eric = { idPlaisanc: 0, matricule: 'E1', nom: 'Tabarly', prenom: 'Éric' };
    expect(await plaisancier(token, eric)).toEqual(saved('Ajout OK', 1, 'E1'));
    expect(await plaisancier(token, { nom: 'Arthaud' })).toEqual(saved('Ajout OK', 2, 'P00002'));
    expect(sandbox.plaisanciers).toEqual([
      { ...eric, idPlaisanc: 1 },
      { idPlaisanc: 2, matricule: 'P00002', nom: 'Arthaud', prenom: '' },
    ]);
  });

  it('the sandbox changes a boat owner that it knows', async () => {
    await start();
    const token = await tokenOf();
    await plaisancier(token, { nom: 'Tabarli', matricule: 'E1' });
    expect(await plaisancier(token, { idPlaisanc: 1, nom: 'Tabarly', prenom: 'Éric' })).toEqual(saved('Modification OK', 1, 'E1'));
    expect(sandbox.plaisanciers).toEqual([{ idPlaisanc: 1, matricule: 'E1', nom: 'Tabarly', prenom: 'Éric' }]);
    expect(await plaisancier(token, { idPlaisanc: 7, nom: 'Tabarly' })).toMatchObject({
      status: 404,
      json: { status: 404, data: { errorCode: expect.stringMatching(/^E0\d\d$/) } },
    });
  });

  it.each([[{}], [{ nom: '' }], [[]]])('a boat owner with an invalid body gets status 422: %o', async (body) => {
    await start();
    expect(await plaisancier(await tokenOf(), body)).toMatchObject({
      status: 422,
      json: { status: 422, data: { errorCode: expect.stringMatching(/^E0\d\d$/) } },
    });
    expect(sandbox.plaisanciers).toEqual([]);
  });

  it.each<DatacomsysSandboxOptions>([{}, { rejection: 'envelope' }])('a rejected token creates no boat owner: %o', async (options) => {
    await start(options);
    expect((await plaisancier('made up', { nom: 'Tabarly' })).json).toMatchObject({
      status: 401,
    });
    expect(sandbox.plaisanciers).toEqual([]);
  });

  it.each(['/', '/plaisancier', '/Auth/Login'])('a path that the vendor does not have is HTTP 404: %s', async (path) => {
    await start();
    expect(await send(path)).toEqual({
      status: 404,
      json: { status: 404, msg: 'not found', data: null },
    });
  });
});

describe('a fault of the DataComSys sandbox', () => {
  it.each([401, 500])("a fault with the documented status %s has the vendor's message", async (status) => {
    await start();
    sandbox.fail({ status });
    expect(await login()).toEqual({
      status,
      json: { status, msg: documentedFailure(status), data: null },
    });
    expect((await login()).status).toBe(200);
  });

  it('a fault with its own body is sent unchanged', async () => {
    await start();
    sandbox.fail({ status: 500, body: { statuts: 500 } });
    expect(await login()).toEqual({ status: 500, json: { statuts: 500 } });
  });

  it('a fault may be a network fault for calls alone', async () => {
    await start();
    sandbox.fail('reset', { on: 'call' });
    const token = await tokenOf();
    await expect(account(token)).rejects.toThrow();
    expect((await account(token)).status).toBe(200);
  });
});

it('the DataComSys sandbox shows neither passwords nor tokens in its requests', async () => {
  await start({ accounts: [{ codePort: 'AAA', idERP: 1, password: 'pa55word' }] });
  const token = await tokenOf();
  await login({ password: 'wr0ng' });
  await post('{"password":"pa55word",}');
  await account(token);
  await account(`Bearer ${token}`);
  expect(sandbox.requests).toHaveLength(5);
  const printed = inspect(sandbox.requests, { depth: null, showHidden: true }) + JSON.stringify(sandbox.requests);
  for (const secret of ['pa55word', 'wr0ng', token]) expect(printed).not.toContain(secret);
  expect(sandbox.requests[0]).toMatchObject({
    method: 'POST',
    path: '/logapass/Auth/Login',
    body: { codePort: 'AAA', password: '(hidden)' },
  });
  expect(sandbox.requests[3]?.headers['authorization']).toBe('(hidden)');
});
