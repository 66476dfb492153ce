import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { askProcess } from '../harness/own-process.ts';
import type { SizeAnswer, SizeInput } from '../measure/size.ts';
import type { Row, Scenario, Table } from '../report/table.ts';

const kilobytes = 1_024;
const esignon = '@x/esignon-auth';

const contenders: readonly (readonly [name: string, role: Row['role'], packageName: string, source: string])[] = [
  ['eSignon, the provider', 'ours', esignon, `export { createEsignonTokenProvider } from '${esignon}';`],
  [
    'eSignon, the provider, the interceptor and `createAuthFetch`',
    'ours',
    esignon,
    `export { createEsignonTokenProvider, authInterceptor, createAuthFetch } from '${esignon}';`,
  ],
  [
    'DataComSys, the same',
    'ours',
    '@x/datacomsys-auth',
    "export { createDatacomsysTokenProvider, authInterceptor, createAuthFetch } from '@x/datacomsys-auth';",
  ],
  ['undici-oidc-interceptor', 'other', 'undici-oidc-interceptor', "export { createOidcInterceptor } from 'undici-oidc-interceptor';"],
  [
    '@badgateway/oauth2-client',
    'other',
    '@badgateway/oauth2-client',
    "export { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';",
  ],
  [
    '@azure/core-rest-pipeline, bearer policy',
    'other',
    '@azure/core-rest-pipeline',
    "export { bearerTokenAuthenticationPolicy, createEmptyPipeline, createPipelineRequest } from '@azure/core-rest-pipeline';",
  ],
  ['google-auth-library', 'other', 'google-auth-library', "export { OAuth2Client } from 'google-auth-library';"],
  ['simple-oauth2', 'other', 'simple-oauth2', "export { ClientCredentials } from 'simple-oauth2';"],
  ['async-cache-dedupe', 'other', 'async-cache-dedupe', "export { createCache } from 'async-cache-dedupe';"],
];

async function run(): Promise<Table[]> {
  const rows: Row[] = [{ name: 'nothing', role: 'limit', cells: [0, 0, 1] }];
  for (const [name, role, packageName, source] of contenders) {
    const input: SizeInput = { package: packageName, source };
    const { bundle, installed, packages } = await askProcess<SizeAnswer>('measure/size.ts', { input });
    rows.push({ name, role, cells: [bundle / kilobytes, installed / kilobytes, packages] });
  }
  return [
    {
      title: 'undici outside:',
      columns: [
        { title: 'bundled, minified and compressed, KB', digits: 1 },
        { title: 'installed, KB', digits: 0 },
        { title: 'packages', digits: 0 },
      ],
      rows,
    },
    distTable(),
  ];
}

const manifestSchema = v.object({ files: v.array(v.string()) });

/** The code that is published: of what is built, the files that the manifest names. */
function distTable(): Table {
  const size = (name: string): number => {
    const folder = join(import.meta.dirname, '../../packages', name);
    const { files } = v.parse(manifestSchema, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    const patterns = files.flatMap((file) => (file.startsWith('dist') ? [file, `${file}/**`] : []));
    const paths = new Set(globSync(patterns, { cwd: folder }));
    return [...paths].map((path) => statSync(join(folder, path))).reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
  };
  const [core, provider] = [size('auth-core'), size('esignon-auth')];
  return {
    title: 'What is published of `dist`, declarations included:',
    columns: [{ title: 'KB', digits: 0 }],
    rows: [
      { name: 'the core', role: 'ours', cells: [core / kilobytes] },
      { name: 'the core and eSignon', role: 'ours', cells: [(core + provider) / kilobytes] },
    ],
  };
}

export const size: Scenario = {
  name: 'size',
  title: 'Size',
  means: [
    'A bundle is made by esbuild for Node, minified, and compressed with gzip. What Node has is left outside, and so is undici, which all of ours and one of the others use.',
    'Installed are all files of the package and of what it depends on, undici left out. KB are 1,024 bytes.',
    'About a tenth of our compressed bundle are texts: messages that say what was wrong, where, and what to do.',
  ],
  meansNot: ['that size matters on a server. It does for a function that starts cold.'],
  run,
};
