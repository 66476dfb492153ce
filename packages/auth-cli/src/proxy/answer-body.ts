import type { ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { BodyMask } from './token-mask.ts';

/** Where the bytes of an answer go, on their way to the caller. */
export interface AnswerBody {
  /** False = no more for now, until the next `drained`. */
  write(chunk: Buffer): boolean;
  /** Calls back once. */
  drained(callback: () => void): void;
  end(): void;
}

/** Hands on a body as it comes, without the token. */
export function plainBody(response: ServerResponse, mask: BodyMask): AnswerBody {
  return {
    write: (chunk) => response.write(mask.push(chunk)),
    drained: (callback) => void response.once('drain', callback),
    end: () => void response.end(mask.end()),
  };
}

/** Undoes the coding of a body, so that it can be searched for the token. */
export function decodedBody(response: ServerResponse, mask: BodyMask, decoder: Transform, fail: (error: Error) => void): AnswerBody {
  const masking = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, mask.push(chunk)),
    flush: (done) => done(null, mask.end()),
  });
  decoder.on('error', fail).pipe(masking).pipe(response);
  return {
    write: (chunk) => decoder.write(chunk),
    drained: (callback) => void decoder.once('drain', callback),
    end: () => void decoder.end(),
  };
}

const decoders = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** What undoes a `content-encoding`; undefined for one that is not known. */
export function decoderOf(encoding: string): Transform | undefined {
  return decoders.get(encoding.toLowerCase())?.();
}
