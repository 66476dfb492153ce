import type { ReceivedRequest } from '@x/auth-core/testing';
import * as v from 'valibot';

/** An account of any of the sandboxes. */
export interface Account {
  readonly user: string;
  password: string;
}

/** What every sandbox starts with. */
export function oneAccount(): [Account] {
  return [{ user: 'api', password: 'sandbox-password' }];
}

/** The JSON body of a request where it fits the schema. */
export function jsonBody<const Schema extends v.GenericSchema>(
  { body }: ReceivedRequest,
  schema: Schema,
): v.InferOutput<Schema> | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
  return parsed.success ? parsed.output : undefined;
}

/** The fields of a form. */
export function formBody({ headers, body }: ReceivedRequest): Record<string, string> {
  return headers['content-type'] === 'application/x-www-form-urlencoded' ? Object.fromEntries(new URLSearchParams(body)) : {};
}

/** The token of an `Authorization: Bearer` header; empty if there is none. */
export function bearerToken({ headers }: ReceivedRequest): string {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** The value of a request header that is sent once; empty if there is none. */
export function headerOf({ headers }: ReceivedRequest, name: string): string {
  return String(headers[name] ?? '');
}

/** The value of a cookie; empty if there is none. */
export function cookieOf({ headers }: ReceivedRequest, name: string): string {
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split(/=(.*)/s));
  return pairs.find(([found]) => found === name)?.[1] ?? '';
}
