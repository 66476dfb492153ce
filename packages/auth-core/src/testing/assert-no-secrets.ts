import assert from 'node:assert/strict';
import { inspect } from 'node:util';

/**
 * Asserts that a value shows none of the secrets: as a string, as JSON, in `util.inspect` with hidden properties, and in the message, the stack and the
 * properties of an error and its causes. Also finds secrets that are escaped for JSON, HTML, a URL or a form, or in base64.
 *
 * @throws AssertionError that names the place, but not the secret.
 */
export function assertNoSecrets(value: unknown, secrets: readonly string[]): void {
  for (const [where, text] of renderings(value)) {
    for (const form of secrets.filter((secret) => secret !== '').flatMap(writtenForms)) {
      assert.ok(!text.includes(form), `a secret shows in ${where}`);
    }
  }
}

function renderings(value: unknown): [where: string, text: string][] {
  const everything = {
    depth: Number.POSITIVE_INFINITY,
    maxStringLength: null,
    maxArrayLength: null,
    breakLength: Number.POSITIVE_INFINITY,
  };
  const texts: [string, string][] = [
    ['String(…)', String(value)],
    ['JSON', asJson(value)],
    ['inspect(…)', inspect(value, everything)],
    ['inspect(…) with hidden properties', inspect(value, { ...everything, showHidden: true })],
    ['inspect(…) without custom printing', inspect(value, { ...everything, showHidden: true, customInspect: false })],
  ];
  for (let error = value, name = 'the error'; error instanceof Error; error = error.cause, name = `the cause of ${name}`) {
    texts.push([`the message of ${name}`, error.message], [`the stack of ${name}`, error.stack ?? '']);
    for (const key of Reflect.ownKeys(error)) texts.push([`${String(key)} of ${name}`, inspect(Reflect.get(error, key), everything)]);
  }
  return texts;
}

/** Empty if the value has no JSON form. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** The secret and its escaped forms, some of which may be equal. */
function writtenForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const html = secret.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  return [secret, json, JSON.stringify(json).slice(1, -1), html, form, Buffer.from(secret).toString('base64')];
}
