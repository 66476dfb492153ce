/**
 * Nanoseconds per awaited read. CPU of this process, and not the time of day: what other processes do meanwhile does not count. Wants `--single-threaded`.
 */
export async function awaitReads(read: () => unknown, times: number): Promise<number> {
  const start = process.cpuUsage();
  for (let call = 0; call < times; call += 1) await read();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1_000) / times;
}

/** Nanoseconds per synchronous read. */
export function callReads(read: () => unknown, times: number): number {
  let found = 0;
  const start = process.cpuUsage();
  for (let call = 0; call < times; call += 1) if (read() !== undefined) found += 1;
  const { user, system } = process.cpuUsage(start);
  if (found !== times) throw new Error(`${times - found} reads found nothing`);
  return ((user + system) * 1_000) / times;
}

/** The two loops of this file. */
export interface Loops {
  readonly awaitReads: typeof awaitReads;
  readonly callReads: typeof callReads;
}

/** The same loops as a module of their own: compiled for one contender, so that nobody pays for what another one taught the engine. */
export function ownLoops(contender: string): Promise<Loops> {
  return import(`./loops.ts?for=${encodeURIComponent(contender)}`) as Promise<Loops>; // it is this file
}
