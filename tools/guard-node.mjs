// The scripts need the Node that the root's optional dependencies bring. Where another one would run, say so and stop:
// a green run on the wrong runtime is worse than none.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `This script runs on Node ${process.versions.node}, but needs 24 or later.\n` +
      'The repository brings one along: run it through pnpm (npx -y pnpm@12 <script>), and if it still says this, ' +
      'run `npx -y pnpm@12 install` first and look for a platform package that could not be installed.',
  );
  process.exit(1);
}
