export { sqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
export { type FileSetAside, fileSetAsideChannel } from './token-database.ts';
