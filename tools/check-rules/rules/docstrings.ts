import type { Node } from 'oxc-parser';

import { type Declaration, findDeclaration, readExports } from '../exports.ts';
import { entryPoints } from '../modules.ts';
import { findMembers, type Member } from '../members.ts';
import { findThrow } from '../throws.ts';
import { vendorNames } from '../vendor-names.ts';
import type { Violation } from '../violation.ts';
import type { Package, Workspace } from '../workspace.ts';

const UNIT =
  /millisecond|\bms\b|\bepoch\b|\bseconds?\b|\bbytes?\b|\bKiB\b|\bMiB\b|how many|how often|how much|number of|\bcounts?\b|\bport\b|HTTP status|integer|which attempt/i;
const CODE =
  /`(?:CONFIG|INVALID_CREDENTIALS|NOT_ALLOWED|VENDOR_ERROR|BAD_RESPONSE|NETWORK|TIMEOUT|ABORTED|COOLING_DOWN|REPLAY_IMPOSSIBLE|STORE)`|any code/;
const GRADE = /\[[SVA]\]/;

/** Everything that a user can import says what it is, in which unit, what it throws and, where a vendor decides, how well that is known. */
export function checkDocstrings(workspace: Workspace): Violation[] {
  const seen = new Set<Node>();
  return workspace.packages
    .filter(({ kind }) => kind !== 'app')
    .flatMap((owner) => {
      const graded = gradedNames(owner);
      return [...entryPoints(workspace, owner).values()].flatMap((entry) =>
        [...readExports(entry).keys()].flatMap((name) => {
          const found = findDeclaration(workspace, entry, name);
          if (found === undefined || seen.has(found.node)) return [];
          seen.add(found.node);
          return checkDeclaration(workspace, name, found, graded.includes(name));
        }),
      );
    });
}

/** What of a provider states facts about the vendor. */
function gradedNames({ kind, dir }: Package): string[] {
  const { type } = vendorNames(dir);
  return kind === 'provider' ? [`create${type}TokenProvider`, `${type}Options`, `start${type}Sandbox`] : [];
}

function checkDeclaration(workspace: Workspace, name: string, found: Declaration, needsGrade: boolean): Violation[] {
  const { file, node, start } = found;
  const at = (offset: number, message: string): Violation => ({ rule: 'docstrings', path: file.path, line: file.lineAt(offset), message });
  const doc = file.docBefore(start);
  if (doc === undefined) return [at(start, `${name} has no docstring`)];
  const members = findMembers(node, file);
  const problems = members.flatMap((member) =>
    judgeMember(member, doc).map((message) => at(member.start, `${name}.${member.name} ${message}`)),
  );
  if (needsGrade && ![doc, ...members.map((member) => member.doc ?? '')].some((text) => GRADE.test(text))) {
    problems.push(at(start, `the docstring of ${name} states facts about the vendor without their grade: [S], [V] or [A]`));
  }
  const thrown = findThrow(workspace, found);
  if (thrown !== undefined && !doc.includes('@throws')) problems.push(at(start, `${name} ${thrown}: its docstring needs a @throws`));
  return [...problems, ...judgeThrows(doc).map((message) => at(start, `${name}: ${message}`))];
}

/** The unit may stand once above the whole type: "All are milliseconds." */
function judgeMember({ doc, isNumber }: Member, docOfType: string): string[] {
  if (doc === undefined) return ['has no docstring'];
  const unit =
    isNumber && !UNIT.test(doc) && !/milliseconds/.test(docOfType)
      ? ['is a number: its docstring must say its unit (milliseconds, epoch milliseconds, bytes, how many …)']
      : [];
  return [...unit, ...judgeThrows(doc)];
}

function judgeThrows(doc: string): string[] {
  return doc
    .split('@throws')
    .slice(1)
    .flatMap((text) => {
      if (!/error/i.test(text.split('\n\n')[0] ?? '')) return ['@throws names no error'];
      return /^\s*(?:an? )?AuthError/.test(text) && !CODE.test(text) ? ['@throws AuthError names no code'] : [];
    });
}
