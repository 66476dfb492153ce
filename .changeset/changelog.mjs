// The lines of the changelogs, each with a link to the commit that brought the change. Needs no token and no network.
import { readFileSync } from 'node:fs';

export async function getReleaseLine({ commit, summary }) {
  const [first, ...more] = summary.split('\n').map((line) => line.trimEnd());
  const lines = more.map((line) => (line === '' ? '' : `  ${line}`));
  return [`- ${linkTo(commit)}${first}`, ...lines].join('\n').trimEnd();
}

export async function getDependencyReleaseLine(changesets, dependencies) {
  if (dependencies.length === 0) return '';
  const links = changesets.map(({ commit }) => linkTo(commit).replace(/: $/, '')).filter((link) => link !== '');
  const names = dependencies.map(({ name, newVersion }) => `  - ${name}@${newVersion}`);
  return [`- Updated dependencies${links.length === 0 ? '' : ` (${links.join(', ')})`}`, ...names].join('\n');
}

function linkTo(commit) {
  return commit === undefined ? '' : `[\`${commit.slice(0, 7)}\`](${repositoryUrl()}/commit/${commit}): `;
}

function repositoryUrl() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}
