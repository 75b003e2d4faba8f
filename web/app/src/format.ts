const LOCALE = 'en-GB';

const time = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
const amount = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole days from today to that day in the browser's zone. */
function daysFromToday(date: Date): number {
  const start = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  return Math.round((start(date) - start(new Date())) / DAY_MS);
}

/** A moment as people say it: "today 14:30", "yesterday 09:05", "Tue 3 Mar 09:05", "3 Mar 2025". */
export function moment(timestamp: string): string {
  const date = new Date(timestamp);
  const days = daysFromToday(date);
  if (Math.abs(days) <= 1) return `${relative.format(days, 'day')} ${time.format(date)}`;
  if (date.getFullYear() !== new Date().getFullYear()) return dayOfYear.format(date);
  return `${day.format(date).replace(',', '')} ${time.format(date)}`;
}

/** A due date, short: "today 14:30", "tomorrow 09:00", "in 4 days", "3 days ago", "3 Mar 2027". */
export function due(timestamp: string): string {
  const days = daysFromToday(new Date(timestamp));
  if (Math.abs(days) <= 1) return moment(timestamp);
  return Math.abs(days) <= 14 ? relative.format(days, 'day') : dayOfYear.format(new Date(timestamp));
}

export function isPast(timestamp: string): boolean {
  return new Date(timestamp).getTime() < Date.now();
}

/** The decimal string of the server with separators. */
export function money(value: string): string {
  return amount.format(Number(value));
}

/** What a person typed as an amount, as the server takes it; `undefined` when it is none. Commas are as good as points. */
export function parseMoney(text: string): string | undefined {
  const plain = text.trim().replace(',', '.');
  return /^\d{1,7}(\.\d{1,2})?$/.test(plain) ? Number(plain).toFixed(2) : undefined;
}

/** For `<input type="datetime-local">`, in the browser's zone. */
export function toLocalInput(timestamp: string): string {
  const date = new Date(timestamp);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalInput(text: string): string {
  return new Date(text).toISOString();
}

/** The letters of an avatar. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map(word => word?.[0]?.toUpperCase() ?? '')
    .join('');
}
