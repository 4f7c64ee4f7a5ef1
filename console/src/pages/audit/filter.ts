import type { InputOf } from '../../api.ts';
import type { Formats } from '../../format.ts';

/** What the trail is narrowed to, as the address says: days are those of the reader, both of them included. */
export type Filter = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

export const NAMES = ['subject', 'actor', 'action', 'from', 'to'] as const;

/** What makes no sense there is left out. */
export function filterIn(params: URLSearchParams): Filter {
  const given = NAMES.map((name) => [name, (params.get(name) ?? '').trim().slice(0, MOST)] as const);
  return Object.fromEntries(given.filter(([name, value]) => MEANT[name].test(value)));
}

/** As the API takes it: instants, the end excluded. Two days are a period whichever of them was put first. */
export function queryOf({ from, to, ...named }: Filter, { startOf }: Pick<Formats, 'startOf'>): Query {
  const [first, last] = from !== undefined && to !== undefined && to < from ? [to, from] : [from, to];
  return {
    ...named,
    ...(first === undefined ? {} : { from: startOf(first) }),
    ...(last === undefined ? {} : { to: startOf(dayAfter(last)) }),
  };
}

type Query = NonNullable<InputOf<'GET /v1/audit'>['query']>;

/** What the API takes (docs/api.md). */
const MOST = 200;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const MEANT: Readonly<Record<(typeof NAMES)[number], RegExp>> = {
  subject: /./,
  actor: /./,
  action: /^[a-z][\w-]*(?:\.[\w-]+)*$/i,
  from: DAY,
  to: DAY,
};

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, day.length);
}
