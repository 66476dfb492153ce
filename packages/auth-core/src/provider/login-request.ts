import * as v from 'valibot';

import { AuthError } from '../auth-error.ts';
import type { LoginContext } from '../token-provider.ts';
import { parseOptions } from '../validation.ts';

/** The methods of a login request. */
type LoginMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One login request. Without `json`, `form` and `body` it has no body. */
export type LoginRequest = LoginRequestHead & LoginRequestBody;

/** A login request without its body. */
export interface LoginRequestHead {
  /** The provider's name, for error messages. */
  readonly provider: string;
  /** The HTTP method. Default: `'POST'`. */
  readonly method?: LoginMethod | undefined;
  /** The URL of the login. Error messages show it without its query. */
  readonly url: URL;
  /** Further headers. They replace the default ones: `accept: application/json`, and the `content-type` of `json` and `form`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The values that no error may contain. Default: the secret of the context. Name those that are made of it, too, such as the `authorization` header of a
   * Basic login.
   */
  readonly secrets?: readonly string[] | undefined;
}

/** The body of a login request: at most one of the three. */
export type LoginRequestBody =
  | {
      /** A JSON value. */
      readonly json?: unknown;
      readonly form?: undefined;
      readonly body?: undefined;
    }
  | {
      readonly json?: undefined;
      /** The fields of a form (`application/x-www-form-urlencoded`). */
      readonly form: Readonly<Record<string, string>>;
      readonly body?: undefined;
    }
  | {
      readonly json?: undefined;
      readonly form?: undefined;
      /** A text that is sent as it is, for vendors that want it signed. Its `content-type` is whatever `headers` say. */
      readonly body: string;
    };

/** A login request that can be sent as it is. */
export interface PreparedLogin {
  readonly provider: string;
  readonly method: LoginMethod;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly secrets: readonly string[];
  /** Method and URL for messages, without the query, which may hold secrets. */
  readonly title: string;
}

const texts = v.record(v.string(), v.string());

const loginRequestSchema = v.pipe(
  v.object({
    provider: v.string(),
    method: v.optional(v.picklist(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), 'POST'),
    url: v.pipe(
      v.custom<URL>((url) => URL.canParse(String(url)), 'expected a URL'),
      v.transform((url) => new URL(url)),
    ),
    headers: v.optional(texts, {}),
    json: v.optional(v.unknown()),
    form: v.optional(texts),
    body: v.optional(v.string('expected a text (json is for anything else)')),
    secrets: v.optional(v.array(v.string())),
  }),
  v.check(
    ({ json, form, body }) => [json, form, body].filter((given) => given !== undefined).length <= 1,
    'json, form and body: expected at most one of them',
  ),
);

/** @throws AuthError `CONFIG` that names what is wrong with the request and quotes no value. */
export function prepareLogin(request: LoginRequest, { secret }: Pick<LoginContext, 'secret'>): PreparedLogin {
  const { provider, method, url, headers, secrets, ...given } = parseOptions(loginRequestSchema, request, nameIn(request));
  const { body, type } = encode(given, provider);
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    provider,
    method,
    url,
    headers: { ...type, accept: 'application/json', 'accept-encoding': 'identity', ...uncached(method), ...Object.fromEntries(own) },
    body,
    secrets: secrets ?? (secret === undefined ? [] : [secret]),
    title: `${method} ${url.origin}${url.pathname}`,
  };
}

function nameIn(request: Partial<LoginRequest> | undefined): string {
  return typeof request?.provider === 'string' ? request.provider : 'sendLoginRequest';
}

/** A cache on the way (`interceptors.cache` of an application's dispatcher is one) must not answer a login. */
function uncached(method: LoginMethod): Record<string, string> {
  return method === 'GET' ? { 'cache-control': 'no-store' } : {};
}

interface EncodedBody {
  readonly body: string | null;
  readonly type?: { readonly 'content-type': string };
}

function encode(
  { json, form, body }: Pick<v.InferOutput<typeof loginRequestSchema>, 'json' | 'form' | 'body'>,
  provider: string,
): EncodedBody {
  if (json !== undefined) return { body: stringify(json, provider), type: { 'content-type': 'application/json' } };
  if (form === undefined) return { body: body ?? null };
  return { body: new URLSearchParams(form).toString(), type: { 'content-type': 'application/x-www-form-urlencoded' } };
}

/** The serializer's own error names fields of the value, so that it is not handed on. */
function stringify(json: unknown, provider: string): string {
  try {
    const text: string | undefined = JSON.stringify(json);
    if (text !== undefined) return text;
  } catch {
    // Told below.
  }
  throw new AuthError({ code: 'CONFIG', provider, message: `${provider}: wrong options: json: expected a value that has a JSON form` });
}
