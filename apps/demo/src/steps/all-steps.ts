import { coolDown } from './cool-down.ts';
import { firstCall } from './first-call.ts';
import { refreshAhead } from './refresh-ahead.ts';
import { revokedToken } from './revoked-token.ts';
import { secondCall } from './second-call.ts';
import type { Step } from './step.ts';
import { thousandCallers } from './thousand-callers.ts';
import { wrongPassword } from './wrong-password.ts';

/** What the demo shows, in the order in which it makes sense. */
export const allSteps: readonly Step[] = [firstCall, secondCall, revokedToken, thousandCallers, wrongPassword, coolDown, refreshAhead];
