import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { describe, onTestFinished } from 'vitest';

/** Both versions have the same surface as far as it is used in tests. */
export type Undici = typeof undici8;

const versions: readonly (readonly [name: string, undici: Undici])[] = [
  ['undici 8', undici8],
  ['undici 7', undici7 as unknown as Undici],
];

/** Declares the same tests for each version of undici that is supported. */
export function withEachUndici(tests: (undici: Undici) => void): void {
  describe.each(versions)('with %s', (_name, undici) => {
    tests(undici);
  });
}

/** An Agent that is destroyed when the running test is over. */
export function agentOf(undici: Undici, options?: undici8.Agent.Options): undici8.Agent {
  const agent = new undici.Agent(options);
  onTestFinished(() => agent.destroy());
  return agent;
}

/** The fetch of this version, with the type of the global one: undici's is its own. */
export function fetchOf(undici: Undici): typeof fetch {
  return undici.fetch as unknown as typeof fetch;
}

/** What belongs together: classes of one origin, and the option that makes createAuthFetch use the fetch that knows them. */
export interface FetchUnderTest {
  readonly around: { fetch?: typeof fetch };
  readonly Request: typeof Request;
  readonly FormData: typeof FormData;
}

/** Declares the same tests for Node's own fetch and for that of each version of undici. */
export function withEachFetch(tests: (given: FetchUnderTest) => void): void {
  describe('with the global fetch', () => {
    tests({ around: {}, Request, FormData });
  });
  withEachUndici((undici) => {
    // undici's classes have types of their own.
    const classes = undici as unknown as { Request: typeof Request; FormData: typeof FormData };
    tests({ around: { fetch: fetchOf(undici) }, Request: classes.Request, FormData: classes.FormData });
  });
}
