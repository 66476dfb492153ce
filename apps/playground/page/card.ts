import type { Sample, VendorState } from '../src/messages.ts';
import { createChart } from './chart.ts';
import { showComparison } from './comparison.ts';
import { post } from './connect.ts';
import { find, inWords, isPressed, press, setText } from './dom.ts';
import { drawLife } from './life-bar.ts';
import { createTimeline } from './timeline.ts';

/** One vendor on the page. */
export interface Card {
  update(state: VendorState): void;
  add(sample: Sample): void;
  /** Everything is new: what was shown so far is gone. */
  reset(): void;
  /** @param now The server's clock. */
  draw(now: number): void;
}

export function createCard(template: HTMLTemplateElement, parent: HTMLElement, first: VendorState): Card {
  const element = find(template.content.cloneNode(true) as DocumentFragment, '.vendor'); // the clone of a fragment is one
  const part = (name: string): HTMLElement => find(element, `[data-part=${name}]`);
  element.id = first.name;
  element.setAttribute('aria-labelledby', `${first.name}-title`);
  part('label').id = `${first.name}-title`;
  parent.append(element);
  const timeline = createTimeline(part('timeline'), first.name);
  const chart = createChart(part('chart'));
  for (const button of element.querySelectorAll<HTMLElement>('button')) button.addEventListener('click', () => void act(element, button));
  let state = first;
  let median: number | undefined;

  return {
    update(next) {
      state = next;
      setText(part('label'), state.label);
      setText(part('call'), state.call);
      setText(part('base-url'), state.baseUrl);
      press(find(element, '[data-action=down]'), state.mode === 'down');
      press(find(element, '[data-action=slow]'), state.mode === 'slow');
      find(element, '[data-action=use-new-password]').setAttribute('aria-disabled', String(!state.passwordDiffers));
    },
    add(sample) {
      chart.add(sample);
      median = sample.median ?? median;
    },
    reset() {
      chart.clear();
      median = undefined;
      setText(part('said'), '');
      part('comparison').hidden = true;
    },
    draw(now) {
      setText(part('logins'), String(state.logins));
      setText(part('calls'), state.calls.toLocaleString('en'));
      setText(part('failed'), (state.calls - state.answered).toLocaleString('en'));
      setText(part('latency'), median === undefined ? '–' : inWords(median));
      timeline.draw(state.spans, now);
      chart.draw(now);
      drawLife(element, state, now);
      drawBadge(part('badge'), state, now);
    },
  };
}

/** A button that works or does not apply stays where it is, and keeps the focus. */
async function act(card: HTMLElement, button: HTMLElement): Promise<void> {
  if (button.getAttribute('aria-disabled') === 'true') return;
  const { action = '' } = button.dataset;
  button.setAttribute('aria-disabled', 'true');
  const { said, comparison } = await post(`/api/${card.id}/${isPressed(button) ? 'up' : action}`);
  button.removeAttribute('aria-disabled');
  setText(find(card, '[data-part=said]'), said);
  if (comparison !== undefined) showComparison(card, comparison);
}

function drawBadge(badge: HTMLElement, { mode, pause, token, ahead, spans }: VendorState, now: number): void {
  const left = pause === undefined ? 0 : Math.max(0, pause.until - now - ahead);
  const [text, tone] = ((): [string, string] => {
    if (pause !== undefined) return [`paused for ${Math.ceil(left / 1_000)} s: ${pause.reason}`, 'waiting'];
    if (mode === 'down') return ['vendor down', 'trouble'];
    if (mode === 'slow') return ['vendor slow', 'waiting'];
    if (spans.some(({ kind, to }) => kind === 'rejected' && to === undefined)) return ['token rejected', 'trouble'];
    return token === undefined ? ['no token', 'waiting'] : ['token in use', ''];
  })();
  setText(badge, text);
  badge.className = `badge ${tone}`;
}
