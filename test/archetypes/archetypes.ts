import type { ProtectedCall, ProviderUnderTest } from '@x/auth-core/testing';

import type { Account } from './account.ts';
import { createDolibarrTokenProvider } from './dolibarr/provider.ts';
import { startDolibarrSandbox } from './dolibarr/sandbox.ts';
import { createKeystoneTokenProvider } from './keystone/provider.ts';
import { startKeystoneSandbox } from './keystone/sandbox.ts';
import { createPiHoleTokenProvider } from './pi-hole/provider.ts';
import { startPiHoleSandbox } from './pi-hole/sandbox.ts';
import { createPopbillTokenProvider } from './popbill/provider.ts';
import { startPopbillSandbox } from './popbill/sandbox.ts';
import { createPortainerTokenProvider } from './portainer/provider.ts';
import { startPortainerSandbox } from './portainer/sandbox.ts';
import { createProxmoxTokenProvider } from './proxmox/provider.ts';
import { startProxmoxSandbox } from './proxmox/sandbox.ts';
import { createShiprocketTokenProvider } from './shiprocket/provider.ts';
import { startShiprocketSandbox } from './shiprocket/sandbox.ts';
import { createSynologyTokenProvider } from './synology/provider.ts';
import { startSynologySandbox } from './synology/sandbox.ts';
import { createVcenterTokenProvider } from './vcenter/provider.ts';
import { startVcenterSandbox } from './vcenter/sandbox.ts';
import { createZabbixTokenProvider } from './zabbix/provider.ts';
import { startZabbixSandbox } from './zabbix/sandbox.ts';

/** One of the real login APIs, as a subject of the contract suite, with the names of the headers that carry its tokens. */
export interface Archetype extends ProviderUnderTest<Account> {
  readonly call: ProtectedCall;
  readonly tokenHeaders: readonly string[];
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Ten login APIs that have little in common, each a provider and a sandbox. */
export const archetypes: readonly Archetype[] = [
  {
    name: 'zabbix',
    startSandbox: startZabbixSandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createZabbixTokenProvider({ ...options, baseUrl, user, password }),
    call: {
      method: 'POST',
      path: '/api_jsonrpc.php',
      headers: json,
      body: JSON.stringify({ jsonrpc: '2.0', method: 'host.get', params: {}, id: 2 }),
    },
    otherErrors: [
      { status: 200, body: { jsonrpc: '2.0', error: { code: -32602, message: 'Invalid params.', data: 'unexpected' }, id: 1 } },
    ],
    tokenHeaders: ['authorization'],
  },
  {
    name: 'portainer',
    startSandbox: startPortainerSandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createPortainerTokenProvider({ ...options, baseUrl, user, password }),
    call: { path: '/stacks' },
    tokenHeaders: ['authorization'],
  },
  {
    name: 'vcenter',
    startSandbox: startVcenterSandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createVcenterTokenProvider({ ...options, baseUrl, user, password }),
    call: { path: '/vcenter/vm' },
    tokenHeaders: ['vmware-api-session-id'],
  },
  {
    name: 'keystone',
    startSandbox: startKeystoneSandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createKeystoneTokenProvider({ ...options, baseUrl, user, password }),
    call: { path: '/projects' },
    tokenHeaders: ['x-auth-token'],
  },
  {
    name: 'synology',
    startSandbox: startSynologySandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createSynologyTokenProvider({ ...options, baseUrl, user, password }),
    call: { method: 'POST', path: '/entry.cgi', headers: form, body: 'api=SYNO.FileStation.Info&version=2&method=get' },
    otherErrors: [105, 400, 407].map((code) => ({ status: 200, body: { error: { code }, success: false } })),
    tokenHeaders: ['cookie', 'x-syno-token'],
  },
  {
    name: 'proxmox',
    startSandbox: startProxmoxSandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createProxmoxTokenProvider({ ...options, baseUrl, user, password }),
    call: { path: '/nodes' },
    tokenHeaders: ['cookie', 'csrfpreventiontoken'],
  },
  {
    name: 'pi-hole',
    startSandbox: startPiHoleSandbox,
    create: ({ baseUrl, password }, options) => createPiHoleTokenProvider({ ...options, baseUrl, password }),
    call: { path: '/info/version' },
    tokenHeaders: ['x-ftl-sid'],
  },
  {
    name: 'dolibarr',
    startSandbox: startDolibarrSandbox,
    create: ({ baseUrl, account: { user }, password }, options) => createDolibarrTokenProvider({ ...options, baseUrl, user, password }),
    call: { path: '/invoices' },
    tokenHeaders: ['dolapikey'],
  },
  {
    name: 'shiprocket',
    startSandbox: startShiprocketSandbox,
    create: ({ baseUrl, account: { user }, password }, options) =>
      createShiprocketTokenProvider({ ...options, baseUrl, email: user, password }),
    call: { path: '/orders' },
    tokenHeaders: ['authorization'],
  },
  {
    name: 'popbill',
    startSandbox: startPopbillSandbox,
    create: ({ baseUrl, account: { user }, password }, options) =>
      createPopbillTokenProvider({ ...options, baseUrl, authUrl: baseUrl, linkId: user, corpNum: '1234567890', secretKey: password }),
    call: { path: '/Taxinvoice/ChargeInfo' },
    otherErrors: [{ status: 400, body: { code: -17000003, message: 'Invalid BRN' } }],
    tokenHeaders: ['authorization'],
  },
];
