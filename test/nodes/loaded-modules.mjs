// Tells which modules of Node the import of the providers and of the store for Redis loads, where undici and valibot have been loaded before.
await import('undici');
await import('valibot');
const before = new Set(process.moduleLoadList);
await import('@x/esignon-auth');
await import('@x/datacomsys-auth');
await import('@x/auth-store-redis');
console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));
