import type { Command } from './command.ts';

const port = { type: 'string', value: '<port>', help: 'the port on 127.0.0.1 (default: any free one)' } as const;
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
      port,
      'key-file': { type: 'string', value: '<file>', help: 'keep the key of the callers there; made if it is missing' },
      'rejection-budget': { type: 'string', value: '<n>', help: 'logins that rejected tokens may cause (default: 5, one more a minute)' },
      allow: { type: 'string', multiple: true, value: "'GET /path/*'", help: 'pass on this only; can be given more than once' },
    },
    load: async () => (await import('./proxy-command.ts')).runProxy,
  },
  sandbox: {
    scope: 'vendor',
    summary: 'run a stand-in for the vendor on this machine, and print its account',
    flags: {
      port,
      'single-session': { type: 'boolean', help: 'a login ends the older token of the account' },
      'revoke-every': { type: 'string', value: '<n>', help: 'revoke all tokens after every n-th request' },
      fail: {
        type: 'string',
        multiple: true,
        value: '<fault>',
        help: 'let requests fail: 503, slow=2000, reset …; can be given more than once',
      },
    },
    load: async () => (await import('./sandbox-command.ts')).runSandbox,
  },
  completion: {
    scope: 'shell',
    summary: 'print what has a shell complete the words of this command',
    args: 'bash|zsh|fish',
    flags: {},
    load: async () => (await import('./completion-command.ts')).runCompletion,
  },
};
