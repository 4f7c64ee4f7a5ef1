import { isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import { createCalendar } from '../../kernel/calendar.ts';
import { decimalMoney } from '../../kernel/money.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import { missing, noDate, wrong } from './answers.ts';
import { type ArgumentName, type Command, namedArguments, type Request, type Thing } from './command.ts';
import { parseAmount, parseDays, parseUntil } from './parseArguments.ts';

/**
 * What is wrong with the arguments of a command, by what the registry says of them: the first that is missing or is not
 * what its name says, or a word too many for something that acts. Null when the command can be run.
 */
export function checkArguments(command: Command, request: Request): Message | null {
  const names = namedArguments(command.arguments);
  const given: string[] = [];
  let left = request.words;
  const lineWith = (...more: string[]) => shorten([`/${command.name}`, ...given, ...more].join(' '), LINE_LENGTH);
  for (const [index, { name, isOptional }] of names.entries()) {
    const following = names.slice(index).filter((one) => one.name !== 'AFTER');
    const example = lineWith(...following.map((one) => exampleOf(one.name, command, request)));
    const typed = (TAKES_THE_REST.has(name) ? left.join(' ') : (left[0] ?? '')).trim();
    if (typed === '' && !isOptional && command.asksItselfFor !== name) {
      return missing(questionOf(name, command.thing), example);
    }
    const problem = typed === '' ? null : (CHECKS[name]?.(left, request) ?? null);
    if (problem !== null) return wrong(problem, example);
    const used = wordsOf(name, left, request);
    given.push(typed === '' && left.length > used ? exampleOf(name, command, request) : left.slice(0, used).join(' '));
    left = left.slice(used);
  }
  const [tooMany] = left;
  if (command.changes !== true || tooMany === undefined) return null;
  const line = lineWith().trim();
  return wrong(`${shorten(tooMany, 60)} is one word too many; write ${line}`, line);
}

const LINE_LENGTH = 300;

/** How many words an argument takes: a time can stand apart from its date, and a currency from its amount. */
function wordsOf(name: ArgumentName, left: string[], { display, now }: Request): number {
  if (TAKES_THE_REST.has(name)) return left.length;
  const parsed =
    name === 'UNTIL'
      ? parseUntil(left, display.timeZone, now)
      : name === 'AMOUNT'
        ? parseAmount(left, display.currency)
        : null;
  return parsed === null ? 1 : left.length - parsed.rest.length;
}

const TAKES_THE_REST: ReadonlySet<ArgumentName> = new Set(['REASON', 'REFERENCE', 'TEXT', 'VALUE']);

/** What is wrong with the first of the words; undefined and null when nothing is. */
const CHECKS: Partial<Record<ArgumentName, (words: string[], request: Request) => string | null>> = {
  DATE: ([date = '']) => (isCycleDate(date) ? null : noPayday(date)),
  UNTIL: (words, { display, now }) =>
    parseUntil(words, display.timeZone, now) === null ? noDate(words[0] ?? '', '2026-04-01 or 3d') : null,
  DAYS: ([days = '']) => (parseDays(days) === null ? `${shorten(days, 60)} is no number of days; write 3` : null),
  AMOUNT: ([amount = '', ...rest], { display: { currency } }) =>
    parseAmount([amount, ...rest], currency) === null
      ? `${shorten(amount, 60)} is no amount; write ${decimalMoney(50_000, currency)}`
      : null,
};

function noPayday(typed: string): string {
  const isDay = createCalendar('UTC').instantOf(typed) !== null;
  return isDay ? `${typed} is no payday: paydays are the 1st and the 16th; write 2026-04-01` : noDate(typed);
}

function questionOf(name: ArgumentName, thing: Thing = 'thing'): string {
  if (name === 'ID') return thing === 'thing' ? 'Which one?' : `Which ${thing}?`;
  return QUESTIONS[name] ?? `Which ${name.toLowerCase()}?`;
}

const QUESTIONS: Partial<Record<ArgumentName, string>> = {
  UNTIL: 'Until when?',
  REASON: 'For what reason?',
  REFERENCE: 'With what reference of the transfer?',
  TEXT: 'What do you want to say?',
};

function exampleOf(name: ArgumentName, { thing = 'thing', example }: Command, { account, display }: Request): string {
  switch (name) {
    case 'ID':
      return thing === 'thing' ? OWN_IDS[account.role] : EXAMPLE_IDS[thing];
    case 'MODEL':
    case 'ACCOUNT':
      return EXAMPLE_IDS.account;
    case 'UNTIL':
      return '3d';
    case 'DATE':
      return '2026-04-01';
    case 'DAYS':
      return '3';
    case 'AMOUNT':
      return decimalMoney(50_000, display.currency);
    default:
      return example ?? name;
  }
}

const EXAMPLE_IDS: Record<Exclude<Thing, 'thing'>, string> = {
  account: 'ava',
  model: 'ava',
  invoice: '2026-W10:ava',
  order: 'order-17',
  commission: 'charge-17',
  payout: '2026-04-01:anna',
  event: 'evt_123',
  message: 'msg-1',
};

/** Where an id may be of many kinds: one that a person of this role has. */
const OWN_IDS: Record<Request['account']['role'], string> = {
  model: '2026-W10:ava',
  marketer: 'order-17',
  affiliate: '2026-04-01:anna',
  manager: '2026-W10:ava',
};
