import { writeFileSync } from 'node:fs';

import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { afterAll, expect, it } from 'vitest';

import { writeExamples } from './example-files.ts';
import { runExample } from './run-example.ts';
import { environmentOf } from './vendor-sandboxes.ts';

const files = writeExamples('got');
afterAll(() => files[Symbol.dispose]());

/** Goes on behind the recipe for got, whose own call works. The vendor rejects the token of the next one. */
async function goOn(name: string, code: string): Promise<{ lines: string[]; logins: number }> {
  const recipe = files.examples.find((example) => example.code.includes("from 'got'"));
  if (recipe === undefined) throw new Error('there is no recipe for got');
  await using sandbox = await startDatacomsysSandbox();
  sandbox.fail({ slow: 1 }, { on: 'call' });
  sandbox.fail({ status: 401 }, { on: 'call' });
  const path = files.pathOf(recipe).replace('.ts', `-${name}.ts`);
  writeFileSync(path, recipe.code + code);
  const { stdout, stderr } = await runExample(path, environmentOf({ vendor: 'datacomsys', sandbox }));
  expect(stderr).toBe('');
  return { lines: stdout.split('\n').slice(1, -1), logins: sandbox.logins };
}

it('the recipe for got leaves a request with an Authorization of its own alone', async () => {
  const code = `
const own = await api.get(\`\${options.baseUrl}/account\`, { headers: { authorization: 'mine' }, throwHttpErrors: false });
console.log(own.statusCode, own.request.options.headers['authorization']);
`;
  expect(await goOn('own', code)).toEqual({ lines: ['401 mine'], logins: 1 });
});

it('the recipe for got renews no token for a stream', async () => {
  const code = `
const streamed = api.stream(\`\${options.baseUrl}/account\`, { throwHttpErrors: false, retry: { limit: 0 } });
const { statusCode } = await new Promise((resolve) => streamed.once('response', resolve));
streamed.destroy();
console.log(statusCode, streamed.options.headers['authorization'] !== undefined);
`;
  expect(await goOn('stream', code)).toEqual({ lines: ['401 true'], logins: 1 });
});
