import type * as Module from 'node:crypto';

/**
 * `node:crypto`, which undici has loaded already. An import statement would read all names that it has. For some of them Node loads the whole of Web Crypto,
 * which nothing here uses: each process that starts would pay for that.
 */
export const nodeCrypto: typeof Module = process.getBuiltinModule('node:crypto');
