export { type FileSetAside, fileSetAsideChannel } from './set-aside-channel.ts';
export { sqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
