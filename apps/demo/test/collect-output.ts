import { Writable } from 'node:stream';

/** A stream as wide as a terminal, which collects what is written to it. */
export function collectOutput(columns: number): { stream: Writable & { columns: number }; text: () => string } {
  let written = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { columns }), text: () => written };
}
