import { join } from 'node:path';

import { Application, Converter, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';

import { checkDocstrings } from './docstrings.ts';
import { watchThrows } from './throws.ts';

const options: Partial<TypeDocOptions & PluginOptions> = {
  plugin: ['typedoc-plugin-markdown'],
  name: 'API reference',
  readme: join(import.meta.dirname, 'introduction.md'),
  mergeReadme: true,
  router: 'module',
  flattenOutputFiles: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  pageTitleTemplates: { module: ({ name }) => `@x/${name}` },
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  validation: { notExported: true, notDocumented: true, invalidLink: true },
  // Properties are checked with their units: those of an object type on one line have no room for docstrings.
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'Method', 'Accessor', 'TypeAlias'],
  logLevel: 'Warn',
};

/**
 * Writes a page of Markdown for each entry point.
 *
 * @returns what is wrong with the docstrings.
 * @throws Error if the sources do not compile.
 */
export async function makePages(entryPoints: readonly string[], tsconfig: string, out: string): Promise<readonly string[]> {
  const app = await Application.bootstrapWithPlugins({ ...options, entryPoints: [...entryPoints], tsconfig, out });
  const problems: string[] = [];
  app.logger.warn = (text: string) => void problems.push(text);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = module.name.replace(/\/src\b/, '');
  });
  watchThrows(app.converter, (problem) => problems.push(problem));
  const project = await app.convert();
  if (project === undefined) throw new Error('the sources do not compile');
  app.validate(project);
  await app.generateOutputs(project);
  return [...problems, ...checkDocstrings(project)];
}
