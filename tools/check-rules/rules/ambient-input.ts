import type { Node } from 'oxc-parser';

import { inSource, isShellCommand } from '../modules.ts';
import type { SourceFile } from '../source-file.ts';
import { dottedName, walk } from '../syntax.ts';
import type { Violation } from '../violation.ts';
import type { Package, Workspace } from '../workspace.ts';

const CLOCKS = /^(?:globalThis\.)?(?:Date\.now|Math\.random|performance\.now)$/;
const ENVIRONMENT = /^(?:globalThis\.)?process\.env$/;
/** Where the real clock and the real randomness become the defaults of options. */
const DEFAULTS = ['lifecycle/clock.ts', 'lifecycle/provider-options.ts'];

/** What comes from outside comes in as an option: the environment, time, randomness. */
export function checkAmbientInput({ packages }: Workspace): Violation[] {
  return packages
    .filter(({ kind }) => kind !== 'app')
    .flatMap((owner) => owner.sources.flatMap((file) => [...checkEnvironment(file, owner), ...checkTime(file, owner)]));
}

function checkEnvironment(file: SourceFile, owner: Package): Violation[] {
  if (owner.kind === 'provider' && isShellCommand(file, owner)) return [];
  const found: Violation[] = [];
  const message = "reads process.env: only the …FromEnv of a provider's options.ts, its shell command and the demo do";
  walk(file.program, (node, ancestors) => {
    if (!ENVIRONMENT.test(dottedName(node) ?? '') && !takesEnvironmentApart(node)) return;
    const inFromEnv = ancestors.some((one) => one.type === 'FunctionDeclaration' && one.id?.name.endsWith('FromEnv') === true);
    if (owner.kind === 'provider' && inSource(file, owner) === 'options.ts' && inFromEnv) return;
    found.push(violation(file, node, message));
  });
  for (const one of file.imports.filter(({ specifier }) => /^(?:node:)?process$/.test(specifier))) {
    if (one.names.some(({ name }) => name === 'env' || name === 'default')) found.push(violation(file, { start: one.offset }, message));
  }
  return found;
}

/** `const { env } = process` */
function takesEnvironmentApart(node: Node): boolean {
  if (node.type !== 'VariableDeclarator' || node.init === null || dottedName(node.init) !== 'process') return false;
  return node.id.type === 'ObjectPattern' && node.id.properties.some((part) => part.type === 'Property' && dottedName(part.key) === 'env');
}

function checkTime(file: SourceFile, owner: Package): Violation[] {
  const path = inSource(file, owner);
  const isBound =
    owner.kind === 'core' ? /^(?:lifecycle|requests|login)\//.test(path) : owner.kind === 'provider' && !path.startsWith('sandbox/');
  if (!isBound || isShellCommand(file, owner) || (owner.kind === 'core' && DEFAULTS.includes(path))) return [];
  const found: Violation[] = [];
  walk(file.program, (node) => {
    const name = dottedName(node) ?? '';
    const isNewDate = node.type === 'NewExpression' && dottedName(node.callee) === 'Date' && node.arguments.length === 0;
    if (CLOCKS.test(name) || isNewDate) {
      found.push(violation(file, node, `uses ${isNewDate ? 'new Date()' : name}: time and randomness come in as options`));
    }
  });
  return found;
}

function violation(file: SourceFile, { start }: Pick<Node, 'start'>, message: string): Violation {
  return { rule: 'ambient-input', path: file.path, line: file.lineAt(start), message };
}
