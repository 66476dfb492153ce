// Prints the modules of Node that the import of the providers loads after undici and valibot.
await import('undici');
await import('valibot');
const before = new Set(process.moduleLoadList);
await import('@x/esignon-auth');
await import('@x/datacomsys-auth');
console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));
