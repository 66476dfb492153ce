import { once } from 'node:events';

import { nextMessage, startProcess } from './own-process.ts';

export interface VendorInput {
  /** How long a token lasts, in milliseconds. */
  readonly lifetime: number;
  /** How long a login takes, in milliseconds. */
  readonly loginTime: number;
  /** How long a call takes at the most, in milliseconds. */
  readonly callTime: number;
  /** Whether a login ends the token of the last one. */
  readonly singleSession: boolean;
}

export interface VendorCounts {
  readonly logins: number;
  readonly failedLogins: number;
  readonly calls: number;
  readonly rejected: number;
}

export type VendorOrder = 'report' | 'revoke' | 'forget counts' | 'down' | 'up';

interface VendorReport {
  readonly counts: VendorCounts;
  /** When the last login was answered, epoch milliseconds. */
  readonly lastLogin: number;
}

/** A vendor in a process of its own. */
export interface VendorProcess extends AsyncDisposable {
  readonly url: string;
  tell(order: VendorOrder): Promise<VendorReport>;
}

export async function startVendor(input: Partial<VendorInput> = {}): Promise<VendorProcess> {
  const child = startProcess('servers/vendor.ts', {
    input: { lifetime: 3_600_000, loginTime: 0, callTime: 0, singleSession: false, ...input },
  });
  const { port } = await nextMessage<{ port: number }>(child);
  return {
    url: `http://127.0.0.1:${port}`,
    async tell(order) {
      child.send(order);
      return nextMessage<VendorReport>(child);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
