import { logins } from './logins.ts';
import { options } from './options.ts';
import { requests } from './requests.ts';
import type { Situation } from './situation.ts';
import { stores } from './stores.ts';
import { waiting } from './waiting.ts';

/** Everything that can go wrong. */
export const situations: readonly Situation[] = [...logins, ...waiting, ...options, ...requests, ...stores];
