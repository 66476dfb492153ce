// Prints every message that a user can meet, sorted by code: each is what really came of a situation that was staged. An argument limits it to a code.
import { collectMessages } from './situation.ts';
import { situations } from './situations.ts';

const wanted = process.argv[2];
const messages = (await collectMessages(situations)).filter(({ code }) => wanted === undefined || code === wanted);
for (const code of new Set(messages.map((message) => message.code))) {
  const ofCode = messages.filter((message) => message.code === code);
  console.log(`\n${code} (${ofCode.length})`);
  for (const { about, text } of ofCode) console.log(`\n  ${about}\n    ${text}`);
}
console.log(`\n${messages.length} messages`);
