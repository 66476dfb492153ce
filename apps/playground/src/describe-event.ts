import type { AuthErrorCode, ChannelMessages, LoginCause } from '@x/auth-core';

type Words = { readonly [Name in keyof ChannelMessages]: (message: ChannelMessages[Name]) => string };

const causes: Readonly<Record<LoginCause, string>> = {
  first: 'there is no token',
  ended: 'the token has ended',
  refresh: 'the token ends soon',
  rejected: 'the token was rejected',
};

const words: Words = {
  loginStart: ({ cause }) => `A login begins: ${causes[cause]}.`,
  loginEnd: ({ token, duration, attempts }) => `The login brought token ${short(token)} ${times(attempts)}in ${inWords(duration)}.`,
  loginFailure: ({ code, attempts }) => `The login failed${attempts > 1 ? ` after ${attempts} attempts` : ''}: ${code}.`,
  tokenFromStore: ({ token, age }) => `Token ${short(token)} came from the store; it is ${inWords(age)} old.`,
  refresh: ({ ok, code }) =>
    ok ? 'The renewal is done. Nobody waited for it.' : `The renewal failed${because(code)}. The token stays in use.`,
  rejection: ({ token, current }) =>
    current ? `The vendor rejected token ${short(token)}.` : `A late rejection of token ${short(token)}: nothing to do.`,
  keptPastAssumedEnd: ({ token }) => `Token ${short(token)} stays in use past the end that was assumed.`,
  budgetUsedUp: ({ token }) => `Too many rejections. That of token ${short(token)} causes no login; the budget gains one each minute.`,
  cooldown: ({ code, duration }) => `No login for ${inWords(duration)}, because of ${code}.`,
  unknownEnd: ({ lifetime }) => `The vendor tells no end of the token: ${inWords(lifetime)} are assumed.`,
  storeTrouble: ({ operation, why }) => `The store had trouble: ${operation} ${why}.`,
};

/** An event of the core in a sentence. */
export function describeEvent<Name extends keyof ChannelMessages>(name: Name, message: ChannelMessages[Name]): string {
  return words[name](message);
}

/** A fingerprint as it is shown. */
function short(fingerprint: string): string {
  return fingerprint.slice(0, 6);
}

function because(code: AuthErrorCode | undefined): string {
  return code === undefined ? '' : `: ${code}`;
}

function times(attempts: number): string {
  return attempts > 1 ? `at attempt ${attempts} ` : '';
}

/** `40 ms`, `1.2 s`, `5 min`, `12 h`. */
export function inWords(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1_000).toFixed(1))} s`;
  if (milliseconds < 3_600_000) return `${Math.round(milliseconds / 60_000)} min`;
  return `${Number((milliseconds / 3_600_000).toFixed(1))} h`;
}
