import { AuthError, isAuthError } from '../auth-error.ts';
import type { VendorProtocol } from '../token-provider.ts';
import type { WaitingRoom } from './waiting-room.ts';

/**
 * Asks the protocol for its secret.
 *
 * @throws AuthError `CONFIG` where that fails or brings no password, `TIMEOUT` where it takes longer than `limit` milliseconds. The failure's own
 * message is not repeated: nobody can say whether it holds the password.
 */
export async function readSecret(
  protocol: VendorProtocol,
  room: WaitingRoom,
  limit: number,
  inScope: <T>(run: () => Promise<T>) => Promise<T>,
): Promise<string | undefined> {
  if (protocol.secret === undefined) return undefined;
  const controller = new AbortController();
  const asked = inScope(async () => protocol.secret?.({ signal: controller.signal }));
  const late = (): never => {
    const error = failure(protocol, 'TIMEOUT', `the password was not there within ${limit} ms`, true);
    controller.abort(error);
    throw error;
  };
  let secret: unknown;
  try {
    secret = await room.within(limit, asked, late);
  } catch (error) {
    if (isAuthError(error)) throw error;
    const name = error instanceof Error ? error.name : typeof error;
    throw failure(
      protocol,
      'CONFIG',
      `the function that returns the password threw (${name}); its message is left out, it may hold a secret`,
      true,
    );
  }
  return checkSecret(protocol, secret);
}

function checkSecret(protocol: VendorProtocol, secret: unknown): string {
  if (typeof secret !== 'string' || secret === '') {
    throw failure(protocol, 'CONFIG', 'password: expected a string that is not empty, or a function that returns one', false);
  }
  if (/[\r\n]$/.test(secret)) {
    throw failure(protocol, 'CONFIG', 'password: it ends in a line break (was it read from a file? trim it)', false);
  }
  return secret;
}

function failure(protocol: VendorProtocol, code: 'CONFIG' | 'TIMEOUT', message: string, retryable: boolean): AuthError {
  return new AuthError({ code, provider: protocol.name, retryable, message: `${protocol.name}: ${message}` });
}
