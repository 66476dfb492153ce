import { writeFileSync } from 'node:fs';

import { readReports } from './report.ts';

for (const { path, current, accepted } of readReports()) {
  if (current === accepted) continue;
  writeFileSync(path, current);
  console.log(`${path} changed: review it with the change that caused it`);
}
