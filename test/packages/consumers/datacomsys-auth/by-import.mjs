import * as provider from '@x/datacomsys-auth';
import * as sandbox from '@x/datacomsys-auth/sandbox';
import * as undici from 'undici';

import { exercise } from '../exercise.cjs';
import vendor from './vendor.cjs';

await exercise(vendor, provider, sandbox, undici);
