import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { packPackages, run } from '@x/packed';

import { nodeAttempts, otherAttempts, type Project, typeAttempts } from './attempts.ts';
import { type Attempt, type Cell, tryAll } from './cell.ts';
import { inspect, makeProject, type Workshop } from './project.ts';
import { publish, type Registry } from './registry.ts';
import { nodes, otherRuntimes } from './runtimes.ts';

const providers = ['@x/esignon-auth', '@x/datacomsys-auth'];
const undicis = ['7', '8'];

/** Publishes the packages, installs each provider alone, and uses it in every way that is promised. */
export async function rehearse(directory: string, registry: Registry): Promise<readonly Cell[]> {
  const tarballs = join(directory, 'tarballs');
  await mkdir(tarballs);
  const packages = await packPackages(tarballs);
  await publish(packages, registry, tarballs);
  const workshop: Workshop = { directory, npmrc: registry.npmrc, packages };

  const alone = await tryAll(providers.flatMap((provider) => aloneAttempts(workshop, provider)));
  const wanted = providers.flatMap((provider) => undicis.map((undici) => ({ provider, undici })));
  const made = new Map<string, Project>();
  const installed = await tryAll(wanted.map(({ provider, undici }) => installAttempt(workshop, provider, undici, made)));
  const projects = wanted.flatMap(({ provider, undici }) => made.get(`${provider} ${undici}`) ?? []);
  return [...alone, ...installed, ...(await tryAll(runAttempts(projects))), ...(await tryAll(projects.flatMap(typeAttempts)))];
}

/** The provider and nothing else, with npm and the oldest Node: the undici that npm then picks has to be one that runs there. */
function aloneAttempts(workshop: Workshop, provider: string): readonly Attempt[] {
  const row = `${provider}, alone`;
  const [oldest] = nodes();
  if (oldest === undefined) return [];
  const attempt = async (): Promise<string> => {
    const project = await makeProject(workshop, provider, oldest.path, {});
    const { ours, packages, kilobytes, besidesUndici } = await inspect(project);
    if (ours.join() !== ['@x/auth-core', provider].toSorted().join()) throw new Error(`node_modules has ${ours.join(', ')}`);
    await run(oldest.path, ['by-import.mjs'], { cwd: project, timeout: 60_000 });
    return `ok: ${packages} packages, ${kilobytes} KB (${besidesUndici} KB besides undici)`;
  };
  return [{ row, column: `Node ${oldest.major}`, decides: true, run: attempt }];
}

function installAttempt(workshop: Workshop, provider: string, undici: string, made: Map<string, Project>): Attempt {
  const row = `${provider}, undici ${undici}, install`;
  const attempt = async (): Promise<string> => {
    const application = { undici: `^${undici}.0.0`, '@types/node': '^20.0.0' };
    const directory = await makeProject(workshop, provider, process.execPath, application);
    made.set(`${provider} ${undici}`, { provider, undici, directory });
    return 'ok';
  };
  return { row, column: 'npm', decides: true, run: attempt };
}

function runAttempts(projects: readonly Project[]): readonly Attempt[] {
  const found = nodes();
  const others = otherRuntimes();
  return projects.flatMap((project) => [...nodeAttempts(project, found), ...others.flatMap((runtime) => otherAttempts(project, runtime))]);
}
