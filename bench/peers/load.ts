import * as names from './names.ts';
import type { Peer } from './peer.ts';

/** Each is imported when it is asked for: a process pays for its own contender alone. */
const loaders: Readonly<Record<string, () => Promise<Peer>>> = {
  [names.ours]: async () => (await import('./ours.ts')).ours,
  [names.undiciOidc]: async () => (await import('./undici-oidc.ts')).undiciOidc,
  [names.badgateway]: async () => (await import('./badgateway.ts')).badgateway,
  [names.azure]: async () => (await import('./azure.ts')).azure,
  [names.google]: async () => (await import('./google.ts')).google,
  [names.simpleOauth2]: async () => (await import('./simple-oauth2.ts')).simpleOauth2,
  [names.asyncCacheDedupe]: async () => (await import('./async-cache-dedupe.ts')).asyncCacheDedupe,
  [names.handWritten]: async () => (await import('./hand-written.ts')).handWritten,
  [names.loginEachTime]: async () => (await import('./hand-written.ts')).loginEachTime,
};

/** @throws Error where there is no such contender. */
export async function loadPeer(name: string): Promise<Peer> {
  const load = loaders[name];
  if (load === undefined) throw new Error(`there is no contender ${name}`);
  return load();
}

export function loadPeers(list: readonly string[]): Promise<Peer[]> {
  return Promise.all(list.map((name) => loadPeer(name)));
}
