import type * as v from 'valibot';

import { AuthError } from '../auth-error.ts';
import { check, describeIssues } from '../validation.ts';
import type { LoginResponse } from './login-exchange.ts';

/**
 * Judges an answer with a valibot schema: what comes out is trusted from here on.
 *
 * @throws AuthError `BAD_RESPONSE` that names the fields that are wrong and what was expected, and quotes no value: an answer to a login may hold
 * the token, or repeat the password.
 */
export function parseLoginResponse<const Schema extends v.GenericSchema>(
  schema: Schema,
  response: LoginResponse,
  provider: string,
): v.InferOutput<Schema> {
  const body = parseJson(response.text);
  const result = body === undefined ? undefined : check(schema, body.value);
  if (result?.success === true) return result.output;
  const problem = result === undefined ? 'it is not JSON' : describeIssues(result.issues);
  const advice = result === undefined || response.status !== 200 ? ' (is baseUrl right?)' : '';
  throw new AuthError({
    code: 'BAD_RESPONSE',
    provider,
    status: response.status,
    message: `${provider}: the answer to the login (HTTP ${response.status}) is not what the vendor documents: ${problem}${advice}`,
  });
}

/** The parsed text; undefined where it is not JSON. The parser's own error quotes the text, so it goes no further. */
function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
