import { sqliteStore } from '../../src/index.ts';

const [task, path, lockTtl] = process.argv.slice(2);
if (path === undefined) throw new Error('worker.ts <task> <path> <lockTtl>');

const store = sqliteStore({ path, lockTtl: Number(lockTtl) });
const never = new AbortController().signal;

if (task === 'hold') {
  const lease = await store.lock?.('key', { signal: never });
  console.log(lease?.id);
  // Holds the lease until it is killed.
  setInterval(() => undefined, 60_000);
} else if (task === 'write') {
  for (let count = 0; ; count++) {
    await store.set(`key ${count % 20}`, `${count} `.repeat(1_000));
    if (count === 20) console.log('writing');
  }
} else if (task === 'timers') {
  const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  store.lock?.('key', { signal: never }).catch(() => undefined);
  console.log(`lock ${timers()}`);
  const written = store.set('key', 'written');
  console.log(`set ${timers()}`);
  await written;
} else if (task === 'wait') {
  const written = store.set('key', 'written');
  setImmediate(() => console.log('waiting'));
  await written;
} else {
  await store.set(`process ${process.pid}`, 'was here');
  console.log(await store.get('key'));
}
