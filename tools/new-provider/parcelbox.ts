/** A change of a file: one part of it for another. */
export interface Edit {
  readonly path: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const call = (where: string): RegExp => new RegExp(`return fillIn\\(\\s*'${where.replaceAll('.', '\\.')}[^;]*;`);
const importOfFillIn = /import \{ fillIn \} from '[^']+';\n\n?/;

/**
 * What a person writes for a small made-up vendor: `POST /v1/session` takes `user` and `pin` and answers `{ access_token, expires_in }`; the token
 * travels as `Bearer`; 403 tells of wrong credentials, 401 of a refused token.
 */
export const parcelbox: readonly Edit[] = [
  { path: 'src/options.ts', from: /Fill in: .*?(?= \*\/)/, to: 'The e-mail address that the account was opened with [S].' },
  {
    path: 'src/create-parcelbox-token-provider.ts',
    from: /Fill in: .*/,
    to: '`Authorization: Bearer <token>` [S].',
  },
  {
    path: 'src/login.ts',
    from: /const successSchema = .*/,
    to: `const successSchema = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty('is empty')),
  expires_in: v.pipe(v.number(), v.minValue(1)),
});`,
  },
  {
    path: 'src/login.ts',
    from: call('src/login.ts, loginRequest'),
    to: "return { path: ['v1', 'session'], body: { user, pin: password } };",
  },
  { path: 'src/login.ts', from: 'const { token } =', to: 'const { access_token: value, expires_in: seconds } =' },
  {
    path: 'src/login.ts',
    from: call('src/login.ts, readToken'),
    to: "return { value, scheme: 'Bearer', expiresAt: now + seconds * 1_000 };",
  },
  {
    path: 'src/login.ts',
    from: call('src/login.ts, meaning'),
    to: `if (status === 403) return { code: 'INVALID_CREDENTIALS', message: 'check user and password' };
  return { code: 'VENDOR_ERROR', message: \`the vendor answered the login with status \${status}\` };`,
  },
  { path: 'src/login.ts', from: importOfFillIn, to: '' },
  { path: 'src/is-rejection.ts', from: /Fill in: .*?(?= \*\/)/, to: 'A refused token is answered with HTTP 401 [S].' },
  { path: 'src/is-rejection.ts', from: call('src/is-rejection.ts'), to: 'return probe.status === 401;' },
  { path: 'src/is-rejection.ts', from: importOfFillIn, to: '' },
  { path: 'src/sandbox/answers.ts', from: 'user: v.string(), password: v.string() }', to: 'user: v.string(), pin: v.string() }' },
  { path: 'src/sandbox/answers.ts', from: 'password === output.password', to: 'password === output.pin' },
  {
    path: 'src/sandbox/answers.ts',
    from: /fillIn\(\s*'src\/sandbox\/answers\.ts, isLogin[^;]*;/,
    to: "url.pathname.endsWith('/v1/session');",
  },
  {
    path: 'src/sandbox/answers.ts',
    from: call('src/sandbox/answers.ts, loggedIn'),
    to: 'return { status: 200, json: { access_token: token, expires_in: 3600 } };',
  },
  {
    path: 'src/sandbox/answers.ts',
    from: call('src/sandbox/answers.ts, loginRefused'),
    to: "return { status: 403, json: { error: 'wrong credentials' } };",
  },
  { path: 'src/sandbox/answers.ts', from: call('src/sandbox/answers.ts, tokenIn'), to: "return authorization.replace(/^Bearer /, '');" },
  {
    path: 'src/sandbox/answers.ts',
    from: call('src/sandbox/answers.ts, tokenRefused'),
    to: "return { status: 401, json: { error: 'token' } };",
  },
  { path: 'src/sandbox/answers.ts', from: importOfFillIn, to: '' },
  { path: 'src/sandbox/start-parcelbox-sandbox.ts', from: "['password', 'token']", to: "['pin', 'access_token']" },
  {
    path: 'src/sandbox/start-parcelbox-sandbox.ts',
    from: /Fill in: .*/,
    to: '`POST /v1/session` and `GET /account`; its tokens last an hour [S].',
  },
  { path: 'README.md', from: /Fill in: .*/, to: 'Parcelbox rents lockers.' },
];
