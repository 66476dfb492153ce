import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

import type { CommandContext } from './command.ts';
import type { Environment } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/** A proxy that the environment names. */
export interface Proxy {
  /** The variable that names it. */
  readonly variable: string;
  readonly url: URL;
  /** Its URL without user and password. */
  readonly shown: string;
}

/**
 * The proxy that a URL is fetched through, by the variables that curl looks at; undefined where it is fetched directly.
 *
 * @throws UsageError if the variable is no URL.
 */
export function proxyFor(url: URL, env: Environment): Proxy | undefined {
  const proxy = readProxy(url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'], env);
  return proxy === undefined || isExcepted(url, noProxyOf(env)) ? undefined : proxy;
}

/** Connections through the proxy of the environment, or direct ones. They are closed when the command ends. */
export function openDispatcher({ env, defer }: Pick<CommandContext, 'env' | 'defer'>): Dispatcher {
  const httpProxy = readProxy(['http_proxy', 'HTTP_PROXY'], env)?.url.href ?? '';
  const httpsProxy = readProxy(['https_proxy', 'HTTPS_PROXY'], env)?.url.href ?? '';
  const isDirect = httpProxy === '' && httpsProxy === '';
  const dispatcher = isDirect ? new Agent() : new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy: noProxyOf(env) });
  defer(() => dispatcher.destroy());
  return dispatcher;
}

function noProxyOf(env: Environment): string {
  return env['no_proxy'] ?? env['NO_PROXY'] ?? '';
}

/** @throws UsageError that does not quote the value: it may hold a password. */
function readProxy(names: readonly string[], env: Environment): Proxy | undefined {
  for (const variable of names) {
    const { [variable]: text = '' } = env;
    if (text !== '') return parseProxy(variable, text);
  }
  return undefined;
}

function parseProxy(variable: string, text: string): Proxy {
  const spelt = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(spelt) ? new URL(spelt) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${variable}: expected a URL like http://proxy.example:3128`);
  return { variable, url, shown: url.origin };
}

/** A list of host names, each with those below it, with or without a port; `*` is all. */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const own = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const host = entry.replace(/^\*?\.?/, '').replace(/:\d+$/, '');
      const onPort = /:(\d+)$/.exec(entry)?.[1] ?? own;
      return (hostname === host || hostname.endsWith(`.${host}`)) && onPort === own;
    });
}
