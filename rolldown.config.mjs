/**
 * Builds the JavaScript of the package in whose folder it is read. A package is imported as a few files: each one more costs a process that starts the better
 * part of a millisecond. Nothing is minified, so that a stack trace can be read.
 */
import { readFileSync } from 'node:fs';

const { bin = {}, exports: entryPoints } = JSON.parse(readFileSync('package.json', 'utf8'));
const built = [...Object.values(bin), ...Object.values(entryPoints).flatMap(({ default: file }) => file ?? [])];
/** As `provider/index`: below `src` with `.ts`, and below `dist` with `.js`. */
const names = built.map((file) => file.replace(/^\.\/dist\/|\.js$/g, ''));

const isInstalledBeside = /^[^./]/;
/** The main entry point of this package, seen from another one. */
const isMain = /^\.\/index\.ts$/;

/** Builds some entry points as a few files. */
function build(some, { external, groups }) {
  return {
    input: Object.fromEntries(some.map((name) => [name, `src/${name}.ts`])),
    external,
    platform: 'node',
    // What the oldest supported Node has, as in tsconfig.base.json.
    transform: { target: 'es2023' },
    logLevel: 'warn',
    output: {
      dir: 'dist',
      comments: false,
      paths: (id) => (id.endsWith('/src/index.ts') ? './index.js' : id),
      // Beside the entry points, so that a path from `import.meta.url` is the same as in `src`.
      chunkFileNames: '[name].js',
      codeSplitting: { groups },
    },
  };
}

/** What several entry points have in common is one file. The shell loads each of its commands when it is needed. */
const inOneGo = () =>
  build(names, {
    external: isInstalledBeside,
    groups: [
      // Alone, so that a bundle which asks `isAuthError` holds nothing else of the core.
      { name: 'auth-error', test: /src\/auth-error\.ts$/ },
      ...(names.length > 1 ? [{ name: 'shared', test: /(?<!auth-cli)\/src\/(?!testing\/|lifecycle\/|provider\/)/ }] : []),
    ],
  });

/** The main entry point of a provider is one file, and its others import that as its users do. */
const mainApart = () => [
  build(['index'], { external: isInstalledBeside, groups: [] }),
  build(
    names.filter((name) => name !== 'index'),
    { external: [isInstalledBeside, isMain], groups: [] },
  ),
];

export default names.includes('cli') ? mainApart() : inOneGo();
