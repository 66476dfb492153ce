import { sqliteStore } from '../../src/index.ts';

const [task, path] = process.argv.slice(2);
if (path === undefined) throw new Error('worker.ts <task> <path>');

const store = sqliteStore({ path });

if (task === 'hold') {
  const lease = await store.tryLock?.('key', 1_000);
  console.log(lease?.id);
  // Holds the lease until it is killed.
  setInterval(() => undefined, 60_000);
} else if (task === 'write') {
  for (let count = 0; ; count++) {
    await store.set(`key ${count % 20}`, `${count} `.repeat(1_000));
    if (count === 20) console.log('writing');
  }
} else if (task === 'wait') {
  const written = store.set('key', 'written');
  setImmediate(() => console.log('waiting'));
  await written;
} else if (task === 'fail') {
  console.log(await store.get('key').catch((error: unknown) => String(error)));
} else {
  await store.set(`process ${process.pid}`, 'was here');
  console.log(await store.get('key'));
}
