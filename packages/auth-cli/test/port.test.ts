import { expect, it } from 'vitest';

import { startAt } from '../src/port.ts';

const failing = (code: string) => startAt(80, () => Promise.reject(Object.assign(new Error('listen failed'), { code })));

it('a port that needs more rights is wrong usage, and what else goes wrong is told as it is', async () => {
  await expect(failing('EACCES')).rejects.toThrow('--port: 80 needs more rights; take one above 1023');
  await expect(failing('EMFILE')).rejects.toThrow('listen failed');
});
