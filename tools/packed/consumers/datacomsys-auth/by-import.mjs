import * as provider from '@x/datacomsys-auth';
import * as sandbox from '@x/datacomsys-auth/sandbox';
import * as undici from 'undici';

import { exercise } from './exercise.cjs';

await exercise(provider, sandbox, undici);
