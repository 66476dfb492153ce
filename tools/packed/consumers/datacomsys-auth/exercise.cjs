const assert = require('node:assert/strict');

// A login, a protected call with its token, a revoked token and the recovery from it.
exports.exercise = async function exercise(provider, { startDatacomsysSandbox }, { Agent, request }) {
  const sandbox = await startDatacomsysSandbox();
  const [account] = sandbox.accounts;
  const tokens = provider.createDatacomsysTokenProvider({
    codePort: account.codePort,
    idERP: account.idERP,
    password: account.password,
    baseUrl: sandbox.url,
  });
  const agent = new Agent();
  const dispatcher = agent.compose(provider.authInterceptor(tokens));
  try {
    await call(sandbox, request, dispatcher);
    await call(sandbox, request, dispatcher);
    assert.equal(sandbox.logins, 1);
    sandbox.revoke();
    await call(sandbox, request, dispatcher);
    assert.equal(sandbox.logins, 2);
    await refuse(provider, sandbox, account);
    console.log(JSON.stringify({ runtime: runtime(), undici: require('undici/package.json').version, logins: 2 }));
  } finally {
    await agent.close();
    await sandbox.close();
  }
};

async function call(sandbox, request, dispatcher) {
  const { statusCode, body } = await request(`${sandbox.url}/account`, { dispatcher });
  const answer = await body.json();
  assert.equal(statusCode, 200);
  assert.equal(answer.data.portCode, sandbox.accounts[0].codePort);
}

async function refuse(provider, sandbox, account) {
  const tokens = provider.createDatacomsysTokenProvider({
    codePort: account.codePort,
    idERP: account.idERP,
    password: 'wrong',
    baseUrl: sandbox.url,
  });
  const refusal = await tokens.getToken().catch((error) => error);
  assert.ok(provider.isAuthError(refusal));
  assert.equal(refusal.code, 'INVALID_CREDENTIALS');
}

function runtime() {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}
