import assert from 'node:assert/strict';
import { inspect } from 'node:util';

/**
 * Asserts that a value shows none of the secrets, however it is looked at: printed, inspected to its last hidden property, as JSON, as the fields
 * and the stack of an error and of everything that caused it.
 *
 * @throws AssertionError that says where a secret shows, and does not repeat it.
 */
export function assertNoSecrets(value: unknown, secrets: readonly string[]): void {
  for (const [where, text] of looksAt(value)) {
    for (const form of secrets.filter((secret) => secret !== '').flatMap(writtenForms)) {
      assert.ok(!text.includes(form), `a secret shows in ${where}`);
    }
  }
}

function looksAt(value: unknown): [where: string, text: string][] {
  const everything = {
    depth: Number.POSITIVE_INFINITY,
    maxStringLength: null,
    maxArrayLength: null,
    breakLength: Number.POSITIVE_INFINITY,
  };
  const looks: [string, string][] = [
    ['String(…)', String(value)],
    ['JSON', asJson(value)],
    ['inspect(…)', inspect(value, everything)],
    ['inspect(…) of what is hidden', inspect(value, { ...everything, showHidden: true })],
    ['inspect(…) without custom printing', inspect(value, { ...everything, showHidden: true, customInspect: false })],
  ];
  for (let error = value, name = 'the error'; error instanceof Error; error = error.cause, name = `the cause of ${name}`) {
    looks.push([`the message of ${name}`, error.message], [`the stack of ${name}`, error.stack ?? '']);
    for (const key of Reflect.ownKeys(error)) looks.push([`${String(key)} of ${name}`, inspect(Reflect.get(error, key), everything)]);
  }
  return looks;
}

/** Empty where it cannot be written as JSON. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** As it is, and as JSON, URLs, forms, HTML and base64 write it: not every secret has a form of its own in each. */
function writtenForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const html = secret.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  return [secret, json, JSON.stringify(json).slice(1, -1), html, form, Buffer.from(secret).toString('base64')];
}
