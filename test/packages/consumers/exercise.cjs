const assert = require('node:assert/strict');

/** A login, a protected call with its token, a revoked token and the recovery from it. */
exports.exercise = async function exercise(vendor, provider, sandboxes, { Agent, request }) {
  const sandbox = await vendor.start(sandboxes);
  const [account] = sandbox.accounts;
  const create = (more) => vendor.create(provider, { ...account, baseUrl: sandbox.url, ...more });
  const agent = new Agent();
  const dispatcher = agent.compose(provider.authInterceptor(create()));
  const call = async () => {
    const { statusCode, body } = await request(`${sandbox.url}${vendor.path}`, { dispatcher });
    assert.equal(statusCode, 200);
    vendor.check(await body.json(), account);
  };
  try {
    await call();
    await call();
    assert.equal(sandbox.logins, 1);
    sandbox.revoke();
    await call();
    assert.equal(sandbox.logins, 2);
    const refusal = await create({ password: 'wrong' })
      .getToken()
      .catch((error) => error);
    assert.ok(provider.isAuthError(refusal));
    assert.equal(refusal.code, 'INVALID_CREDENTIALS');
    console.log(JSON.stringify({ runtime: runtime(), undici: require('undici/package.json').version }));
  } finally {
    await agent.close();
    await sandbox.close();
  }
};

function runtime() {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}
