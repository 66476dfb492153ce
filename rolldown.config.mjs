/**
 * Builds the JavaScript of the package in whose folder it is read. A package is imported as a few files: each one more costs a process that starts the better
 * part of a millisecond. Nothing is minified, so that a stack trace can be read.
 */
import { readFileSync } from 'node:fs';

const { bin = {}, exports: entryPoints } = JSON.parse(readFileSync('package.json', 'utf8'));
const built = [...Object.values(bin), ...Object.values(entryPoints).flatMap(({ default: file }) => file ?? [])];
/** As `provider/index`: below `src` with `.ts`, and below `dist` with `.js`. */
const names = built.map((file) => file.replace(/^\.\/dist\/|\.js$/g, ''));

export default {
  input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  // Other packages are installed beside this one, and Node's own modules are there.
  external: /^[^./]/,
  platform: 'node',
  // What the oldest supported Node has, as in tsconfig.base.json.
  transform: { target: 'es2023' },
  logLevel: 'warn',
  output: {
    dir: 'dist',
    comments: false,
    // Beside the entry points, so that a path from `import.meta.url` is the same as in `src`.
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [
        // Alone, so that a bundle which asks `isAuthError` holds nothing else of the core.
        { name: 'auth-error', test: /src\/auth-error\.ts$/ },
        // What several entry points share is one file. The shell loads each of its commands when it is needed.
        ...(names.length > 1 ? [{ name: 'shared', test: /(?<!auth-cli)\/src\/(?!testing\/|lifecycle\/|provider\/|cli\.|sandbox)/ }] : []),
      ],
    },
  },
};
