import type * as Module from 'node:crypto';

/**
 * `node:crypto`, as undici has loaded it already. An import statement would read each name that it exports, and with these Node loads the whole of Web Crypto,
 * which nothing here uses: a millisecond for each process that starts.
 */
export const nodeCrypto: typeof Module = process.getBuiltinModule('node:crypto');
