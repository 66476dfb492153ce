import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

import type { CommandContext } from './command.ts';
import type { Environment } from './surroundings.ts';

/** The proxy that a URL is fetched through, by the variables that curl looks at; undefined where it is fetched directly. */
export function proxyFor(url: URL, env: Environment): { variable: string; url: string } | undefined {
  const names = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const variable = names.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined || isExcepted(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined;
  return { variable, url: env[variable] ?? '' };
}

/** A list of host names, each with those below it, with or without a port; `*` is all. */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const own = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, host = '', onPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (entry === '*') return true;
      return (hostname === host || hostname.endsWith(`.${host}`)) && (onPort === undefined || onPort === own);
    });
}

/** Connections through the proxy of the environment, or direct ones. They are closed when the command ends. */
export function openDispatcher({ env, defer }: Pick<CommandContext, 'env' | 'defer'>): Dispatcher {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = env;
  const [httpProxy, httpsProxy] = [http_proxy ?? HTTP_PROXY ?? '', https_proxy ?? HTTPS_PROXY ?? ''];
  const noProxy = no_proxy ?? NO_PROXY ?? '';
  const dispatcher = httpProxy === '' && httpsProxy === '' ? new Agent() : new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy });
  defer(() => dispatcher.destroy());
  return dispatcher;
}
