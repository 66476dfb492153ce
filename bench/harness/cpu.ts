/** CPU microseconds of this process for each of some calls, one after the other. */
export async function cpuPerCall(call: () => Promise<unknown>, times: number): Promise<number> {
  const start = process.cpuUsage();
  for (let done = 0; done < times; done += 1) await call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / times;
}

export interface Load {
  /** CPU microseconds of this process for each call. */
  readonly cpu: number;
  /** Calls in a second. */
  readonly rate: number;
}

/** The same for calls of which some are under way at once. */
export async function loadOf(call: () => Promise<unknown>, times: number, atOnce: number): Promise<Load> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let begun = 0;
  const oneByOne = async (): Promise<void> => {
    while (begun < times) {
      begun += 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneByOne));
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / times, rate: (times / (performance.now() - began)) * 1_000 };
}
