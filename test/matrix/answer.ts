/** An answer before it is put on the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer on the wire, with the length of its body unless the headers frame it otherwise. */
export function http(status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const isFramed = Object.keys(headers).some((name) => ['content-length', 'transfer-encoding', 'connection'].includes(name));
  const all = isFramed ? headers : { ...headers, 'content-length': String(bytes.length) };
  return Buffer.concat([Buffer.from(headOf(status, all)), bytes]);
}

export function headOf(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Some Reason\r\n${lines.join('')}\r\n`;
}

export function wire({ status, headers, body }: Answer): Buffer {
  return http(status, headers, body);
}

export const json = { 'content-type': 'application/json; charset=utf-8' };
export const page = '<!doctype html>\n<html><head><title>Gateway</title></head><body><h1>Something is here</h1></body></html>\n';
