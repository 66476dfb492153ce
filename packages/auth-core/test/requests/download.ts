/** Downloads from the origin in argv, bare or through the interceptor, and prints the hash and the peak of its memory in bytes. */
import { createHash } from 'node:crypto';

import { Agent } from 'undici';

import { authInterceptor } from '../../src/index.ts';
import { createAccessToken } from '../../src/access-token.ts';
import { readJsonPrefix } from '../../src/provider/index.ts';

const [origin = '', mode] = process.argv.slice(2);
const token = createAccessToken({ value: 't1', issuedAt: 0 });
const auth = authInterceptor({
  name: 'test',
  baseUrl: origin,
  origins: [origin],
  getToken: async () => token,
  peekToken: () => token,
  requestHeaders: () => ({ authorization: token.value }),
  status: async () => ({}),
  forget: async () => undefined,
  isRejection({ body, complete = false }) {
    if (body === undefined) return 'need-body';
    const answer = readJsonPrefix(body, ['header', 'result_code'], complete);
    return answer === 'need-more' ? 'need-body' : answer !== 'absent' && answer.found === '94';
  },
});
const agent = new Agent();
const { body } = await (mode === 'auth' ? agent.compose(auth) : agent).request({ origin, path: '/', method: 'GET' });
const hash = createHash('sha256');
let bytes = 0;
for await (const chunk of body) {
  const part: Buffer = chunk;
  bytes += part.length;
  hash.update(part);
}
console.log(JSON.stringify({ hash: hash.digest('hex'), bytes, peak: process.resourceUsage().maxRSS * 1024 }));
await agent.close();
