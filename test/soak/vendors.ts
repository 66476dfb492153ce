import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The first message of the process. */
export interface VendorsStarted {
  readonly urls: { readonly esignon: string; readonly datacomsys: string };
}

/** A message of the process for every token that is issued. */
interface TokenIssued {
  readonly token: string;
}

/** What the process is told: a good answer came to what had to be carried out; or that its report is wanted. */
export type VendorOrder = { readonly answeredWell: string } | 'report';

/** What both vendors counted. */
export interface VendorReport {
  readonly requests: number;
  readonly logins: number;
  readonly faults: number;
  readonly sentTwice: readonly string[];
  /** What was not carried out, though its caller got a good answer. */
  readonly neverDone: readonly string[];
}

export type VendorMessage = VendorsStarted | TokenIssued | VendorReport;

/** Both vendors, running. */
export interface Vendors extends AsyncDisposable {
  readonly urls: VendorsStarted['urls'];
  /** Tells of a good answer to what had to be carried out. */
  answeredWell(id: string): void;
  /** What they counted so far. */
  report(): Promise<VendorReport>;
}

/** Starts both vendors in a process of their own. `onToken` is called with each token that they issue. */
export async function startVendors(seed: number, onToken: (token: string) => void): Promise<Vendors> {
  const child = fork(fileURLToPath(new URL('vendor-process.ts', import.meta.url)), [String(seed)]);
  child.on('message', (message: VendorMessage) => {
    if ('token' in message) onToken(message.token);
  });
  const { urls } = await next(child, (message) => ('urls' in message ? message : undefined));
  return {
    urls,
    answeredWell: (id) => tell(child, { answeredWell: id }),
    report() {
      const report = next(child, (message) => ('sentTwice' in message ? message : undefined));
      tell(child, 'report');
      return report;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

function tell(child: ChildProcess, order: VendorOrder): void {
  child.send(order);
}

function next<Message>(child: ChildProcess, find: (message: VendorMessage) => Message | undefined): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: VendorMessage): void => {
      const found = find(message);
      if (found === undefined) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(found);
    };
    const onExit = (): void => reject(new Error('the process of the vendors ended'));
    child.on('message', onMessage).on('exit', onExit);
  });
}
