import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Declaration, findDeclaration } from './declaration.ts';
import type { EntryPoint, Exported, PublicPackage } from './entry-points.ts';

const note = '<!-- Made from the docstrings by tools/api-reference/main.ts: change those, and run it again. -->';

/** The page of one package. */
export function renderPackage(root: string, { name, folder, description, entryPoints }: PublicPackage): string {
  const parts = entryPoints.map((entryPoint) => renderEntryPoint(root, entryPoint));
  return `${note}\n\n# ${name}\n\n${description}. How to use it: [README](../../packages/${folder}/README.md).\n\n${parts.join('\n')}`;
}

/** The page that leads to the others. */
export function renderIndex(packages: readonly PublicPackage[]): string {
  const lists = packages.flatMap(({ folder, entryPoints }) =>
    entryPoints.map(({ specifier, exported }) => {
      const names = exported.filter(isOurs).map(({ name }) => `- [\`${name}\`](${folder}.md#${anchor(name)})`);
      return `## [${specifier}](${folder}.md#${anchor(specifier)})\n\n${names.join('\n')}\n`;
    }),
  );
  const grades = [
    'A fact about a vendor carries its grade: **[S]** stands in the document that the vendor gives to integrators, **[V]** in its other public documents, **[A]** is an',
    'assumption on the safe side, which an option can override.',
  ].join('\n');
  return `${note}\n\n# API reference\n\nEverything that can be imported, in the words of its docstrings.\n\n${grades}\n\n${lists.join('\n')}`;
}

function renderEntryPoint(root: string, { specifier, exported }: EntryPoint): string {
  const own = exported
    .filter(isOurs)
    .map(({ name, from }) => renderName(name, findDeclaration(readFileSync(join(root, from), 'utf8'), name)));
  const passedOn = exported.filter((one) => !isOurs(one));
  return [`## ${specifier}\n`, ...own, ...(passedOn.length === 0 ? [] : [renderPassedOn(passedOn)])].join('\n');
}

function renderPassedOn(names: readonly Exported[]): string {
  const links = names.map(({ name, from }) => `[\`${name}\`](${from.split('/')[1]}.md#${anchor(name)})`);
  return `### Also exported\n\nFrom [@x/auth-core](auth-core.md), so that one package is enough: ${links.join(', ')}.\n`;
}

function renderName(name: string, { kind, doc, signature }: Declaration): string {
  return `### ${name}\n\n_${kind}_\n\n${renderDoc(doc)}\n\n\`\`\`ts\n${signature}\n\`\`\`\n`;
}

function renderDoc(doc: string): string {
  return doc
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    .replaceAll(/^@throws /gm, '**Throws** ')
    .replaceAll(/^@returns /gm, '**Returns** ')
    .replaceAll(/^@param (\w+) /gm, '**`$1`:** ')
    .replaceAll(/(?<!\n)\n(?=\*\*(?:Throws|Returns|`))/g, '\n\n');
}

function isOurs({ from }: Exported): boolean {
  return from.endsWith('.ts');
}

/** As GitHub makes them. */
function anchor(text: string): string {
  return text.toLowerCase().replaceAll(/[^\w\- ]/g, '');
}
