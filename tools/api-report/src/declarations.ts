import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readStatements, type Statement } from './statements.ts';

/** Where a name that a file uses or exports comes from. */
export interface Binding {
  /** The name in the file that it comes from. */
  readonly name: string;
  /** A declaration file, or the name of another package. */
  readonly from: string;
  readonly isPackage: boolean;
}

/** What a declaration file says. */
export interface DeclarationFile {
  readonly path: string;
  readonly declared: ReadonlyMap<string, readonly Statement[]>;
  readonly imports: ReadonlyMap<string, Binding>;
  /** Names that it exports, those that it declares included. */
  readonly exports: ReadonlyMap<string, Binding>;
}

/** @throws Error on a form of export or import that a report could not show (`export *`, `export default`, `import * as`). */
export function readDeclarationFile(path: string): DeclarationFile {
  const declared = new Map<string, Statement[]>();
  const imports = new Map<string, Binding>();
  const exports = new Map<string, Binding>();
  for (const statement of readStatements(readFileSync(path, 'utf8'))) {
    const { name, text } = statement;
    if (name === undefined) readClause(path, text, imports, exports);
    else declared.set(name, [...(declared.get(name) ?? []), statement]);
    if (name !== undefined && text.startsWith('export ')) exports.set(name, { name, from: path, isPackage: false });
  }
  return { path, declared, imports, exports };
}

function readClause(path: string, text: string, imports: Map<string, Binding>, exports: Map<string, Binding>): void {
  if (/^export \{\s*\};?$/.test(text) || text.startsWith("import '")) return;
  const whole = /^import (?:type )?(?:\* as )?([\w$]+) from '([^']+)'/.exec(text);
  if (whole?.[1] !== undefined && whole[2] !== undefined) return void imports.set(whole[1], binding(path, '*', whole[2]));
  const clause = /^(import|export) (?:type )?\{([^}]*)\}(?: from '([^']+)')?/.exec(text);
  if (clause === null) throw new Error(`${path} has a statement that the report cannot show: ${text}`);
  const [, keyword, names = '', from] = clause;
  for (const item of names.split(',').map((part) => part.trim().replace(/^type /, ''))) {
    if (item === '') continue;
    const [name = '', alias = name] = item.split(' as ');
    const target = from === undefined ? (imports.get(name) ?? { name, from: path, isPackage: false }) : binding(path, name, from);
    (keyword === 'import' ? imports : exports).set(alias, target);
  }
}

function binding(path: string, name: string, from: string): Binding {
  if (!from.startsWith('.')) return { name, from, isPackage: true };
  return { name, from: join(dirname(path), from.replace(/(?:\.d)?\.[tj]s$/, '.d.ts')), isPackage: false };
}
