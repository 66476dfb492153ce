const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const day = '(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?';
const time = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

/** RFC 9110, section 5.6.7: the form of today, that of RFC 850, and that of asctime(), which is GMT as well. */
const forms = [
  new RegExp(`^${day}, (?<date>\\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^${day}, (?<date>\\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\\d{2}) ${time} GMT$`),
  new RegExp(`^${day} (?<month>[A-Z][a-z]{2}) (?<date>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
];

/**
 * The instant of an HTTP-date in epoch milliseconds, whatever the time zone of this machine; undefined for anything else. `now` tells which century a year
 * of two digits belongs to: not more than 50 years ahead.
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  for (const form of forms) {
    const { date = '', month = '', year = '', hour, minute, second } = form.exec(text)?.groups ?? {};
    if (!months.includes(month)) continue;
    const instant = Date.UTC(fullYear(year, now), months.indexOf(month), Number(date), Number(hour), Number(minute), Number(second));
    // An impossible day of the month would count on into the next one.
    return new Date(Date.UTC(fullYear(year, now), months.indexOf(month), Number(date))).getUTCDate() === Number(date) ? instant : undefined;
  }
  return undefined;
}

function fullYear(year: string, now: number): number {
  if (year.length === 4) return Number(year);
  const thisYear = new Date(now).getUTCFullYear();
  const sameCentury = Math.floor(thisYear / 100) * 100 + Number(year);
  return sameCentury > thisYear + 50 ? sameCentury - 100 : sameCentury;
}
