import type { Hello, VendorState } from '../src/messages.ts';
import { type Card, createCard } from './card.ts';
import { listen, post } from './connect.ts';
import { find, isPressed, press, setText } from './dom.ts';
import { createEventList } from './event-list.ts';

const cards = new Map<string, Card>();
const events = createEventList(find(document, '#events'));
const said = find(document, '#said');
const traffic = find(document, '#traffic');
const hold = find(document, '#hold');
/** The server's clock against the browser's: the page may be looked at from another machine. */
let offset = 0;

function greet(hello: Hello): void {
  offset = hello.now - Date.now();
  events.clear();
  for (const vendor of hello.vendors) {
    const card = cards.get(vendor.name) ?? addCard(vendor);
    card.reset();
    card.update(vendor);
  }
  for (const sample of hello.samples) cards.get(sample.vendor)?.add(sample);
  for (const event of hello.events) events.add(event);
  press(traffic, hello.traffic);
  draw();
}

function addCard(state: VendorState): Card {
  const template = find(document, '#card') as HTMLTemplateElement; // so it is in the page
  const card = createCard(template, find(document, '#cards'), state);
  cards.set(state.name, card);
  return card;
}

function draw(): void {
  for (const card of cards.values()) card.draw(Date.now() + offset);
}

listen(
  {
    hello: greet,
    vendor: (state) => cards.get(state.name)?.update(state),
    sample: (sample) => cards.get(sample.vendor)?.add(sample),
    event: (event) => events.add(event),
    traffic: ({ on }) => press(traffic, on),
  },
  (connected) => setText(said, connected ? 'Connected.' : 'The connection is lost. It is tried again.'),
);

traffic.addEventListener('click', async () => {
  setText(said, (await post(`/api/traffic/${isPressed(traffic) ? 'off' : 'on'}`)).said);
});
find(document, '#start-over').addEventListener('click', async () => setText(said, (await post('/api/start-over')).said));
hold.addEventListener('click', () => {
  press(hold, !isPressed(hold));
  events.hold(isPressed(hold));
  setText(said, isPressed(hold) ? 'The picture is held. Everything goes on behind it.' : 'The picture is live again.');
});

// Who wants less motion gets a picture a second.
const interval = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1_000 : 200;
setInterval(() => {
  if (!document.hidden && !isPressed(hold)) draw();
}, interval);
