import type { VendorState } from '../src/messages.ts';
import { find, inWords, setText } from './dom.ts';

/** How far the token is on its way to its end. */
export function drawLife(card: ParentNode, { token, ahead }: VendorState, now: number): void {
  const bar = find(card, '.bar');
  const text = find(card, '[data-part=life-text]');
  const passed = find(card, '[data-part=life-now]');
  const renewal = find(card, '[data-part=life-window]');
  const { issuedAt = 0, expiresAt, refreshAt = expiresAt, fingerprint = '' } = token ?? {};
  const isEndless = token !== undefined && expiresAt === undefined;
  bar.classList.toggle('endless', isEndless);
  if (expiresAt === undefined || refreshAt === undefined) {
    setText(
      text,
      isEndless ? `Token ${fingerprint.slice(0, 6)} has no end. It is good until the vendor rejects it.` : 'There is no token.',
    );
    passed.style.width = isEndless ? '100%' : '0';
    renewal.style.width = '0';
    return;
  }
  const at = now + ahead;
  const share = (instant: number): number => Math.max(0, Math.min(1, (instant - issuedAt) / (expiresAt - issuedAt)));
  const left = expiresAt - at;
  const renewed = refreshAt > at ? `renewed from ${inWords(refreshAt - at)} on` : 'the next call renews it';
  setText(
    text,
    left > 0 ? `Token ${fingerprint.slice(0, 6)} ends in ${inWords(left)}, ${renewed}.` : `Token ${fingerprint.slice(0, 6)} has ended.`,
  );
  passed.style.width = `${share(at) * 100}%`;
  renewal.style.width = `${(1 - share(refreshAt)) * 100}%`;
}
