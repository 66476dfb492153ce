import * as provider from '@x/esignon-auth';
import * as sandbox from '@x/esignon-auth/sandbox';
import * as undici from 'undici';

import { exercise } from './exercise.cjs';

await exercise(provider, sandbox, undici);
