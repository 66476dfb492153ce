/**
 * Bytes of heap that a call allocates, counted. Wants `--expose-gc` and a young generation so large that nothing is collected meanwhile
 * (`--min-semi-space-size=128 --max-semi-space-size=128`).
 */
export async function bytesPerCall(run: (times: number) => unknown, times: number): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await run(times);
  return (process.memoryUsage().heapUsed - before) / times;
}
