import type { ChannelMessages } from '@x/auth-core';

import type { Span } from './messages.ts';

/** The life of one account's tokens as spans of time, made from the provider's events. */
export interface Life {
  on<Name extends keyof ChannelMessages>(name: Name, message: ChannelMessages[Name]): void;
  /** What no event tells: that a pause is over, or a token has ended by the vendor's clock. */
  look(isPaused: boolean, vendorNow: number): void;
  spans(): readonly Span[];
}

/** How long a span is kept after its end, in milliseconds. */
const keptFor = 180_000;

const ofToken = ['in use', 'rejected', 'ended'] as const;
const ofLogin = ['login', 'renewal'] as const;

/** @param now The server's own clock, epoch milliseconds. */
export function createLife(now: () => number): Life {
  let spans: Span[] = [];
  let endsAt = Infinity;
  let isSecond = true;

  const open = (kind: Span['kind'], label?: string): void => {
    if (kind === 'in use') isSecond = !isSecond;
    spans.push({ kind, from: now(), label, isSecond });
    spans = spans.filter(({ to = Infinity }) => to > now() - keptFor);
  };
  const current = (kinds: readonly Span['kind'][]): Span | undefined =>
    spans.find(({ kind, to }) => to === undefined && kinds.includes(kind));
  const close = (kinds: readonly Span['kind'][], changes: Partial<Span> = {}): void => {
    spans = spans.map((span) => (span.to === undefined && kinds.includes(span.kind) ? { ...span, to: now(), ...changes } : span));
  };
  const become = (kind: (typeof ofToken)[number], label?: string): void => {
    close(ofToken);
    open(kind, label);
  };

  const handlers: { [Name in keyof ChannelMessages]?: (message: ChannelMessages[Name]) => void } = {
    loginStart: ({ cause }) => open(cause === 'refresh' ? 'renewal' : 'login'),
    loginEnd: ({ token, expiresAt = Infinity }) => {
      endsAt = expiresAt;
      close([...ofLogin, 'paused']);
      become('in use', token);
    },
    loginFailure: ({ code }) => close(ofLogin, { kind: 'failed', label: code }),
    rejection: ({ current: isCurrent, token }) => {
      if (isCurrent && current(['in use']) !== undefined) become('rejected', token);
    },
    cooldown: ({ code }) => {
      close(['paused']);
      open('paused', code);
    },
  };

  return {
    on: (name, message) => handlers[name]?.(message),
    look(isPaused, vendorNow) {
      if (!isPaused) close(['paused']);
      const used = current(['in use']);
      if (used !== undefined && endsAt <= vendorNow) become('ended', used.label);
    },
    spans: () => spans,
  };
}
