/**
 * Headers that belong to one connection and are not passed on (RFC 9110, section 7.6.1), those of proxies, and `expect`, which we answer ourselves.
 * A trailer is not passed on, so it is not announced.
 */
const ofConnection = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Names and values in turn, as they came: a name may come more than once. */
export type FlatHeaders = readonly string[];

/** Without the headers of the connection, those that `connection` names, and the given ones (lower case). */
export function passOn(headers: FlatHeaders, without: readonly string[]): string[] {
  const dropped = new Set([...ofConnection, ...without]);
  for (const [name, value] of pairs(headers)) {
    if (name.toLowerCase() === 'connection') for (const each of value.split(',')) dropped.add(each.trim().toLowerCase());
  }
  return pairs(headers).flatMap((pair) => (dropped.has(pair[0].toLowerCase()) ? [] : pair));
}

/** Each header with a value made by `change`, which is given the name in lower case. */
export function changeValues(headers: FlatHeaders, change: (name: string, value: string) => string): string[] {
  return pairs(headers).flatMap(([name, value]) => [name, change(name.toLowerCase(), value)]);
}

function pairs(headers: FlatHeaders): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2);
    found.push([name, value]);
  }
  return found;
}
