/**
 * Prints how many milliseconds of CPU the import of some modules takes. It imports nothing itself, is not TypeScript, and has no channel to whoever started it:
 * each of these would have loaded parts of Node before, which then cost those modules nothing.
 */
const before = process.cpuUsage();
for (const module of process.argv.slice(2)) await import(module);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1_000);
