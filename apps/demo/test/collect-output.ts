import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';

/** A stream that collects what is written to it. */
export function collectOutput(): { stream: Writable; text: () => string } {
  let written = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  return { stream, text: () => written };
}

/** The same, but it passes for a terminal, so that the environment decides about colours. */
export function collectFromTerminal(): { stream: Writable; text: () => string } {
  const { stream, text } = collectOutput();
  Object.assign(stream, { isTTY: true, getColorDepth: () => WriteStream.prototype.getColorDepth() });
  return { stream, text };
}
