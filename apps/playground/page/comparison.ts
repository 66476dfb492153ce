import type { Comparison, Measured } from '../src/messages.ts';
import { find, inWords, setText } from './dom.ts';

/** Shows both numbers, and the code that brought the second. */
export function showComparison(card: ParentNode, { calls, provider, handWritten }: Comparison): void {
  const part = (name: string): HTMLElement => find(card, `[data-part=${name}]`);
  setText(part('comparison-about'), `Both tokens were revoked, then each side made ${calls} calls at once.`);
  setText(part('provider-logins'), logins(provider));
  setText(part('provider-rest'), rest(provider, calls));
  setText(part('by-hand-logins'), logins(handWritten));
  setText(part('by-hand-rest'), rest(handWritten, calls));
  part('comparison').hidden = false;
  const code = part('code');
  if (code.textContent === '') void fetch('/hand-written.txt').then(async (response) => setText(code, await response.text()));
}

function logins({ logins: count }: Measured): string {
  return count === 1 ? '1 login' : `${count} logins`;
}

function rest({ answered, duration }: Measured, calls: number): string {
  return `${answered} of ${calls} calls answered, ${inWords(duration)}`;
}
