/**
 * What is said to a person, free of any channel: each bot renders it in its own way. Paragraphs are plain sentences;
 * facts and tables are for looking up.
 */
export type Message = {
  title?: string;
  paragraphs: string[];
  facts?: [label: string, value: string][];
  table?: { header: string[]; rows: string[][] };
  footer?: string;
  attachment?: Attachment;
  buttons: Button[][];
};

/** A file that goes with a message. */
export type Attachment = { name: string; contentType: string; content: string | Uint8Array };

/** Pressing it is the same as typing the command. English labels begin with the command's name. */
export type Button = { label: string; command: string };

/** A text for people cut to a length, with a sign that something is missing. Never cuts a character in two. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, Math.max(0, length - 1));
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}

/** A week as people read it: `16–22 Nov 2026`, or `28 Dec 2026 – 3 Jan 2027`. */
export function formatWeek(week: string): string {
  const [year = '1970', number = '1'] = week.split('-W');
  // The fourth of January always lies in week 1, and 1970 began on a Thursday; days alone, so no zone is needed.
  const fourth = Date.UTC(Number(year), 0, 4) / DAY_MS;
  const monday = fourth - ((fourth + 3) % 7) + 7 * (Number(number) - 1);
  const [first, last] = [dayOf(monday), dayOf(monday + 6)];
  if (first.year !== last.year)
    return `${first.day} ${first.month} ${first.year} – ${last.day} ${last.month} ${last.year}`;
  if (first.month !== last.month) return `${first.day} ${first.month} – ${last.day} ${last.month} ${last.year}`;
  return `${first.day}–${last.day} ${last.month} ${last.year}`;
}

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function dayOf(day: number): { day: number; month: string; year: number } {
  const at = new Date(day * DAY_MS);
  return { day: at.getUTCDate(), month: MONTHS[at.getUTCMonth()] ?? '', year: at.getUTCFullYear() };
}

/** `1 payment`, `3 payments`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Reasons come with or without a full stop. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
