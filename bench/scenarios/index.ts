import type { Scenario } from '../report/table.ts';
import { files } from './files.ts';
import { firstToken } from './first-token.ts';
import { fleet } from './fleet.ts';
import { importTime } from './import-time.ts';
import { outage } from './outage.ts';
import { pool } from './pool.ts';
import { severalProcesses } from './processes.ts';
import { requestOverStub } from './request.ts';
import { size } from './size.ts';
import { stampede } from './stampede.ts';
import { storm } from './storm.ts';
import { warmRead } from './warm-read.ts';

/** In the order of the report. */
export const scenarios: readonly Scenario[] = [
  warmRead,
  requestOverStub,
  stampede,
  storm,
  outage,
  severalProcesses,
  fleet,
  pool,
  firstToken,
  importTime,
  size,
  files,
];
