/** A change of a file: one part of it for another. */
export type Edit = readonly [path: string, from: string | RegExp, to: string];

const call = (what: string): RegExp => new RegExp(`return fillIn\\([^;]*${what}[^;]*;`);
const importOfFillIn = /import \{ fillIn \} from '[^']+';\n\n?/;
const login = 'src/login.ts';
const sandbox = 'src/sandbox.ts';
const rejection = 'src/is-rejection.ts';

/** What is the same to write for any vendor: sentences, and the helper that is no longer used. */
const papers: readonly Edit[] = [
  ['src/options.ts', /Fill in: .*?(?= \*\/)/, 'The e-mail address that the account was opened with [S].'],
  [login, importOfFillIn, ''],
  [rejection, /Fill in: .*?(?= \*\/)/, 'A rejected token is answered with HTTP 401 [S].'],
  [rejection, call('by status alone'), 'return probe.status === 401;'],
  [rejection, importOfFillIn, ''],
  [sandbox, importOfFillIn, ''],
  [sandbox, call('loginRefused'), "return { status: 403, json: { error: 'wrong credentials' } };"],
  [sandbox, call('tokenRejected'), "return { status: 401, json: { error: 'token' } };"],
  [
    login,
    call('meaning'),
    `if (status === 403) return { code: 'INVALID_CREDENTIALS', message: 'check user and password' };
  return { code: 'VENDOR_ERROR', message: 'try later' };`,
  ],
  ['README.md', /Fill in: .*/, 'It rents lockers.'],
];

/**
 * What a person writes for a small made-up vendor: `POST /v1/session` takes `user` and `pin` and answers `{ access_token, expires_in }`; the token
 * travels as `Bearer`; 403 tells of wrong credentials, 401 of a rejected token.
 */
export const parcelbox: readonly Edit[] = [
  ...papers,
  ['src/index.ts', /Fill in: .*/, '`Authorization: Bearer <token>` [S].'],
  [
    login,
    /\{ token: v.*\}\);/,
    "{\n  access_token: v.pipe(v.string(), v.nonEmpty('is empty')),\n  expires_in: v.pipe(v.number(), v.minValue(1)),\n});",
  ],
  [login, call('loginRequest'), "return { path: ['v1', 'session'], json: { user, pin: password } };"],
  [login, 'const { token } =', 'const { access_token: value, expires_in: seconds } ='],
  [login, 'value: token,', 'value,'],
  [login, /fillIn\(.*what stands.*\),/, "'Bearer',"],
  [login, /fillIn\(.*when the token ends.*\),/, 'context.now() + seconds * 1_000,'],
  [sandbox, 'user: v.string(), password: v.string() }', 'user: v.string(), pin: v.string() }'],
  [sandbox, 'password: output.password', 'password: output.pin'],
  [sandbox, /fillIn\('src\/sandbox\.ts, isLogin[^;]*;/, "'/v1/session';"],
  [sandbox, call('loggedIn'), 'return { status: 200, json: { access_token: token, expires_in: 3600 } };'],
  [sandbox, call('tokenIn'), "return authorization.replace(/^Bearer /, '');"],
  [sandbox, "['password', 'token']", "['pin', 'access_token']"],
  [sandbox, /Fill in: .*/, '`POST /v1/session` and `GET /account`; its tokens last an hour [S].'],
];

/** Another one, for `--login form --lifetime unknown --token-header X-Locker`: a form to `POST /login`, and a token whose end nobody tells. */
export const lockers: readonly Edit[] = [
  ...papers,
  ['src/index.ts', /Fill in: .*/, 'The vendor’s document says so [S].'],
  [login, call('loginRequest'), "return { path: ['login'], form: { user, password } };"],
  [sandbox, /fillIn\('src\/sandbox\.ts, isLogin[^;]*;/, "'/login';"],
  [sandbox, call('loggedIn'), 'return { status: 200, json: { token } };'],
  [sandbox, /Fill in: .*/, '`POST /login` and `GET /account`; its tokens last until they are revoked [S].'],
];
