import type { Command } from './command.ts';

const show = { type: 'boolean', help: 'write the secret also to a terminal' } as const;

/** Every command. Its module is loaded when it runs. */
export const commands: Readonly<Record<string, Command>> = {
  check: {
    scope: 'vendor',
    summary: 'log in once, step by step, and explain what fails',
    flags: { yes: { type: 'boolean', help: 'log in also while the account is pausing, without asking' } },
    load: async () => (await import('./check-command.ts')).runCheck,
  },
  token: {
    scope: 'vendor',
    summary: 'print the token',
    flags: { show },
    load: async () => (await import('./token-commands.ts')).runToken,
  },
  header: {
    scope: 'vendor',
    summary: 'print the header that carries the token, for curl',
    flags: { show },
    load: async () => (await import('./token-commands.ts')).runHeader,
  },
  status: {
    scope: 'vendor',
    summary: 'tell of the stored token and of pauses, without a login',
    flags: {},
    load: async () => (await import('./status-command.ts')).runStatus,
  },
  forget: {
    scope: 'vendor',
    summary: 'drop the stored token and pauses',
    flags: {},
    load: async () => (await import('./status-command.ts')).runForget,
  },
  proxy: {
    scope: 'vendor',
    summary: 'let any program on this machine call the vendor, without the token',
    flags: {
      port: { type: 'string', value: '<port>', help: 'the port on 127.0.0.1 (default: any free one)' },
      'key-file': { type: 'string', value: '<file>', help: 'keep the key of the callers there; made if it is missing' },
      allow: { type: 'string', multiple: true, value: "'GET /path/*'", help: 'pass on this only; can be given more than once' },
    },
    load: async () => (await import('./proxy-command.ts')).runProxy,
  },
};
