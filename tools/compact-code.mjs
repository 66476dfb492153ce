/**
 * Indents the code that was built with tabs in place of four spaces: a tenth less to install. A file with a template literal over several lines stays as it
 * is, for there the spaces are a part of the text. Run in the folder of a package.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';

for (const file of globSync('dist/**/*.js')) {
  const text = readFileSync(file, 'utf8');
  const hasLongTemplate = text.split('\n').some((line) => line.split('`').length % 2 === 0);
  if (!hasLongTemplate)
    writeFileSync(
      file,
      text.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)),
    );
}
