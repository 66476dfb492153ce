import { describe, it } from 'node:test';

import { describeTokenProvider } from '@x/auth-core/testing';

import { acme } from './acme.ts';

describeTokenProvider({ describe, it }, acme());
