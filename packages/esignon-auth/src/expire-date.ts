/** [A] The vendor's other calls assume this offset where none is given, and it yields the earlier instant than UTC. */
const assumedOffset = '+09:00';

/** A date further ahead than this means something else, such as "no end". */
const longestLifetime = 100 * 366 * 86_400_000;

const zone = '(?<zone>Z|[+-]\\d{2}(?::?\\d{2})?)?';
const time = '(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?';
const separated = new RegExp(
  `^(?<year>\\d{4})(?:-|/|\\.\\s*|年\\s*|년\\s*)(?<month>\\d{1,2})(?:-|/|\\.\\s*|月\\s*|월\\s*)(?<day>\\d{1,2})(?:\\.|日|일)?(?:[T\\s]\\s*${time})?\\s*${zone}$`,
  'i',
);
const compactDate = new RegExp(`^(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})(?:[T\\s]\\s*${time})?\\s*${zone}$`, 'i');
const compact = new RegExp(
  `^(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})T?(?<hour>\\d{2})(?<minute>\\d{2})(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?\\s*${zone}$`,
  'i',
);

/**
 * Parses `expire_date`, whose format the vendor does not document [A]: a date (also with `/`, `.`, `年月日`, `년월일`, or as eight digits), with or without a
 * time, fractions and a zone; or epoch seconds or milliseconds, as a number or a string. Without a zone `+09:00` is assumed, a date without a time is
 * the start of that day. Of several possible readings it is the earliest.
 *
 * @param now Epoch milliseconds; a date more than 100 years ahead is not plausible.
 * @returns Epoch milliseconds, possibly in the past; `'unknown'` if the value is missing, unreadable, impossible or implausible. Never throws.
 */
export function parseExpireDate(value: unknown, now: number): number | 'unknown' {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const instant = parseEpoch(text) ?? parseDate((separated.exec(text) ?? compactDate.exec(text) ?? compact.exec(text))?.groups);
  return instant === undefined || instant > now + longestLifetime ? 'unknown' : instant;
}

function parseEpoch(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000;
  return /^\d{13}$/.test(text) ? Number(text) : undefined;
}

function parseDate(found: Record<string, string | undefined> | undefined): number | undefined {
  if (found === undefined) return undefined;
  const { year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '' } = found;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  const utc = new Date(Date.UTC(y, mo - 1, d, h, mi, s, milliseconds));
  // Date.UTC turns a date that does not exist (30 February) into another one.
  const normalised = [
    utc.getUTCFullYear(),
    utc.getUTCMonth() + 1,
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  ];
  if (normalised.some((part, index) => part !== parts[index])) return undefined;
  const offset = parseOffset(found['zone'] ?? assumedOffset);
  return offset === undefined ? undefined : utc.getTime() - offset;
}

/** The offset from UTC in milliseconds; undefined if no time zone has it. */
function parseOffset(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
