import type { PageEvent } from '../src/messages.ts';
import { html, setText } from './dom.ts';

export interface EventList {
  add(event: PageEvent): void;
  clear(): void;
  /** While it is held, nothing moves; what came meanwhile is shown afterwards. */
  hold(held: boolean): void;
}

interface Line {
  readonly text: string;
  readonly times: HTMLElement;
  count: number;
}

const maxShown = 120;
/** Two kinds of events that take turns, a hundred times, are two lines. */
const compared = 2;
const bad = new Set(['loginFailure', 'rejection', 'cooldown', 'budgetUsedUp', 'storeTrouble']);
const labels: Readonly<Record<string, string>> = { esignon: 'eSignon', datacomsys: 'DataComSys' };

/** Newest first. The same thing at a vendor many times over is one line with its number. */
export function createEventList(list: HTMLElement): EventList {
  let waiting: PageEvent[] = [];
  let isHeld = false;
  /** The last lines of each vendor, newest first. */
  const recent = new Map<string, Line[]>();

  function show(event: PageEvent): void {
    const lines = recent.get(event.vendor) ?? [];
    const same = lines.find(({ text }) => text === event.text);
    if (same !== undefined) {
      same.count += 1;
      return setText(same.times, `${same.count} times`);
    }
    const times = html('span', 'times', '');
    recent.set(event.vendor, [{ text: event.text, times, count: 1 }, ...lines].slice(0, compared));
    list.prepend(line(event, times));
    if (list.childElementCount > maxShown) list.lastElementChild?.remove();
  }

  return {
    add: (event) => (isHeld ? void waiting.push(event) : show(event)),
    clear() {
      waiting = [];
      recent.clear();
      list.replaceChildren();
    },
    hold(held) {
      isHeld = held;
      if (held) return;
      waiting.forEach(show);
      waiting = [];
    },
  };
}

function line({ at, vendor, name, text, fields }: PageEvent, times: HTMLElement): HTMLElement {
  // A late rejection changes nothing.
  const isBad = bad.has(name) && fields['current'] !== false;
  const element = html('li', name === 'action' ? 'action' : isBad ? 'bad' : '', '');
  const what = html('p', '', text);
  what.append(times);
  element.append(html('time', '', clockTime(at)), html('span', 'who', labels[vendor] ?? vendor), html('code', '', name), what);
  return element;
}

function clockTime(at: number): string {
  const date = new Date(at);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${hours}:${minutes}:${seconds}.${Math.floor(date.getMilliseconds() / 100)}`;
}
