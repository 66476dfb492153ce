// Checks the rules of the repository that no compiler and no linter knows: who may import whom, what every provider has, what a docstring says.
import { findViolations } from './rules.ts';
import { printViolation } from './violation.ts';

const violations = await findViolations(new URL('../..', import.meta.url).pathname);
for (const violation of violations) console.error(printViolation(violation));
console.log(violations.length === 0 ? 'check-rules: all rules hold' : `check-rules: ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
