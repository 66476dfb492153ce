import { checkAmbientInput } from './rules/ambient-input.ts';
import { checkCoreLayers } from './rules/core-layers.ts';
import { checkDocstrings } from './rules/docstrings.ts';
import { checkFilledIn } from './rules/filled-in.ts';
import { checkGrades } from './rules/grades.ts';
import { checkModuleGraph } from './rules/module-graph.ts';
import { checkModuleState } from './rules/module-state.ts';
import { checkPackageImports } from './rules/package-imports.ts';
import { checkProviderShape } from './rules/provider-shape.ts';
import { checkWords } from './rules/words.ts';
import { checkWorkflows } from './rules/workflows.ts';
import { checkWorkspaceRanges } from './rules/workspace-ranges.ts';
import type { Violation } from './violation.ts';
import { readWorkspace, type Workspace } from './workspace.ts';

const rules = [
  checkPackageImports,
  checkModuleGraph,
  checkCoreLayers,
  checkAmbientInput,
  checkModuleState,
  checkWorkspaceRanges,
  checkProviderShape,
  checkDocstrings,
  checkGrades,
  checkFilledIn,
  checkWords,
];

/** Every place where a repository breaks one of its rules, its workflows left out. */
export function findStaticViolations(workspace: Workspace): Violation[] {
  return rules.flatMap((rule) => rule(workspace));
}

/**
 * Every place where a repository breaks one of its rules.
 *
 * @throws Error where a manifest or a source cannot be read or parsed.
 */
export async function findViolations(root: string): Promise<Violation[]> {
  const workspace = readWorkspace(root);
  return [...findStaticViolations(workspace), ...(await checkWorkflows(workspace))];
}
