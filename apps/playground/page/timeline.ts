import type { Span } from '../src/messages.ts';
import { svg } from './dom.ts';
import { left as gutter, right as rest, secondsOf } from './frame.ts';

export interface Timeline {
  /** @param now The server's clock. */
  draw(spans: readonly Span[], now: number): void;
}

const laneHeight = 30;
const barHeight = 18;
const axisHeight = 20;

const lanes: readonly { readonly name: string; readonly kinds: readonly Span['kind'][] }[] = [
  { name: 'Token', kinds: ['in use', 'rejected', 'ended'] },
  { name: 'Login', kinds: ['login', 'renewal', 'failed'] },
  { name: 'Pause', kinds: ['paused'] },
];
const height = lanes.length * laneHeight + axisHeight;

/** @param id Unlike that of any other time line of the page. */
export function createTimeline(parent: HTMLElement, id: string): Timeline {
  const hatches = svg('defs', {}, hatch(`${id}-rejected`, 'hatch-rejected'), hatch(`${id}-ended`, 'hatch-ended'));
  const drawing = svg('g');
  const picture = svg('svg', { height, 'aria-hidden': 'true' }, hatches, drawing);
  parent.append(picture);
  return {
    draw(spans, now) {
      const width = Math.max(parent.clientWidth, 200);
      const seconds = secondsOf(width);
      const x = (at: number): number => gutter + (width - gutter - rest) * Math.max(0, Math.min(1, 1 + (at - now) / (seconds * 1_000)));
      const seen = spans.filter(({ to = now }) => to > now - seconds * 1_000);
      picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
      drawing.replaceChildren(...axis(seconds, now, x), ...seen.flatMap((span) => bar(span, now, x, id)));
      parent.setAttribute('aria-label', summarise(seen));
    },
  };
}

function axis(seconds: number, now: number, x: (at: number) => number): SVGElement[] {
  const marks = Array.from({ length: seconds / 30 + 1 }, (_, index) => index * 30);
  const lines = marks.flatMap((ago) => {
    const at = x(now - ago * 1_000);
    return [
      svg('line', { class: 'grid', x1: at, x2: at, y1: 4, y2: height - axisHeight }),
      svg('text', { x: at, y: height - 6, 'text-anchor': 'middle' }, ago === 0 ? 'now' : `−${ago} s`),
    ];
  });
  const names = lanes.map(({ name }, index) => svg('text', { x: 8, y: index * laneHeight + 21 }, name));
  return [...lines, ...names];
}

function bar({ kind, from, to, label = '', isSecond }: Span, now: number, x: (at: number) => number, id: string): SVGElement[] {
  const lane = lanes.findIndex(({ kinds }) => kinds.includes(kind));
  const left = x(from);
  // What lasts milliseconds has to be seen, too.
  const width = Math.max(x(to ?? now) - left, 4);
  const y = lane * laneHeight + (laneHeight - barHeight) / 2 + 2;
  const shape = svg('rect', {
    x: Math.min(left, x(now) - 4),
    y,
    width,
    height: barHeight,
    rx: Math.min(4, width / 2),
    class: kind.replace(' ', '-'),
  });
  if (kind === 'in use' && isSecond === true) shape.classList.add('other');
  if (kind === 'rejected' || kind === 'ended') shape.setAttribute('fill', `url(#${id}-${kind})`);
  const text = kind === 'in use' ? label.slice(0, 6) : kind === 'paused' || kind === 'failed' ? label : kind;
  const isInside = kind === 'in use' || kind === 'paused';
  if (!isInside || width < text.length * 7 + 12) return [shape];
  return [shape, svg('text', { x: Math.max(left, gutter) + 6, y: y + 13, class: 'on-token' }, text)];
}

/** Slanted lines: what is not in use differs from what is by more than its colour. */
function hatch(id: string, className: string): SVGElement {
  const line = svg('path', { d: 'M0 0V6', 'stroke-width': 4, class: className });
  return svg('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, line);
}

function summarise(spans: readonly Span[]): string {
  const count = (kind: Span['kind']): number => spans.filter((span) => span.kind === kind).length;
  const parts = (['login', 'renewal', 'failed', 'rejected', 'paused'] as const).map((kind) => `${kind} ${count(kind)}`);
  return `Time line. Tokens in use: ${count('in use')}; ${parts.join(', ')}.`;
}
