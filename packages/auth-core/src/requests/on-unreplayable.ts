import type { TokenProvider } from '../token-provider.ts';
import { configError } from './request-errors.ts';

/** What to do about a refusal of a request whose body cannot be sent again. */
export type OnUnreplayable = 'response' | 'error';

/** @throws AuthError `CONFIG` for anything but the two values and undefined. */
export function checkOnUnreplayable(provider: TokenProvider, value: unknown): OnUnreplayable {
  if (value === undefined || value === 'response') return 'response';
  if (value === 'error') return value;
  throw configError(provider, 'onUnreplayable: expected "response" or "error"');
}
