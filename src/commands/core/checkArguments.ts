import { isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import { createCalendar } from '../../kernel/calendar.ts';
import { decimalMoney } from '../../kernel/money.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import { FILE_FORMATS, isFileFormat } from '../../paymentFiles/paymentFile.ts';
import type { Speech } from '../../texts/speech.ts';
import { missing, wrong } from './answers.ts';
import { type ArgumentName, type Command, namedArguments, type Request, type Thing } from './command.ts';
import { parseAmount, parseDays, parsePromise, parseSignedAmount, parseUntil } from './parseArguments.ts';

/**
 * What is wrong with the arguments of a command, by what the registry says of them: the first that is missing or is not
 * what its name says, or a word too many for something that acts. Null when the command can be run.
 */
export function checkArguments(command: Command, request: Request): Message | null {
  const names = namedArguments(command.arguments);
  const given: string[] = [];
  let left = request.words;
  const { speech } = request;
  const lineWith = (...more: string[]) => shorten([`/${command.name}`, ...given, ...more].join(' '), LINE_LENGTH);
  for (const [index, { name, isOptional }] of names.entries()) {
    const following = names.slice(index).filter((one) => one.name !== 'AFTER');
    const example = lineWith(...following.map((one) => exampleOf(one.name, command, request)));
    const typed = (TAKES_THE_REST.has(name) ? left.join(' ') : (left[0] ?? '')).trim();
    if (typed === '' && !isOptional && command.asksItselfFor !== name) {
      return missing(speech, questionOf(name, command.thing, speech), example);
    }
    const problem = typed === '' ? null : (checkOf(name, command)?.(left, request) ?? null);
    if (problem !== null) return wrong(speech, problem, example);
    const used = wordsOf(name, left, request, command);
    given.push(typed === '' && left.length > used ? exampleOf(name, command, request) : left.slice(0, used).join(' '));
    left = left.slice(used);
  }
  const [tooMany] = left;
  if (command.changes !== true || tooMany === undefined) return null;
  const line = lineWith().trim();
  return wrong(speech, speech.say('arguments.tooMany', { word: shorten(tooMany, 60), line }), line);
}

const LINE_LENGTH = 300;

/** How many words an argument takes: a time can stand apart from its date, and a currency from its amount. */
function wordsOf(name: ArgumentName, left: string[], { display, now }: Request, { signedAmount }: Command): number {
  if (TAKES_THE_REST.has(name)) return left.length;
  const parsed =
    name === 'UNTIL'
      ? parseUntil(left, display.timeZone, now)
      : name === 'AMOUNT'
        ? (signedAmount ? parseSignedAmount : parseAmount)(left, display.currency)
        : null;
  return parsed === null ? 1 : left.length - parsed.rest.length;
}

const TAKES_THE_REST: ReadonlySet<ArgumentName> = new Set(['REASON', 'REFERENCE', 'TEXT', 'VALUE', 'WHEN']);

function checkOf(name: ArgumentName, { signedAmount }: Command): Check | undefined {
  return name === 'AMOUNT' && signedAmount === true ? checkSignedAmount : CHECKS[name];
}

const checkSignedAmount: Check = (words, { display: { currency }, speech: { say } }) =>
  parseSignedAmount(words, currency) === null
    ? say('arguments.noChange', { ...typedAs(words[0]), example: decimalMoney(50_000, currency) })
    : null;

type Check = (words: string[], request: Request) => string | null;

/** What is wrong with the first of the words; undefined and null when nothing is. */
const CHECKS: Partial<Record<ArgumentName, Check>> = {
  DATE: ([date = ''], { speech }) => (isCycleDate(date) ? null : noPayday(date, speech)),
  UNTIL: (words, { display, now, speech: { say } }) =>
    parseUntil(words, display.timeZone, now) === null ? say('arguments.noUntil', typedAs(words[0])) : null,
  FORMAT: ([format = ''], { speech: { say } }) =>
    isFileFormat(format.toLowerCase())
      ? null
      : say('arguments.noFormat', { ...typedAs(format), formats: FILE_FORMATS.join(', ') }),
  WHEN: (words, { display, now, speech: { say } }) =>
    parsePromise(words, createCalendar(display.timeZone), now) === null
      ? say('arguments.noPromise', typedAs(words.join(' ')))
      : null,
  DAYS: ([days = ''], { speech: { say } }) =>
    parseDays(days) === null ? say('arguments.noDays', typedAs(days)) : null,
  AMOUNT: ([amount = '', ...rest], { display: { currency }, speech: { say } }) =>
    parseAmount([amount, ...rest], currency) === null
      ? say('arguments.noAmount', { ...typedAs(amount), example: decimalMoney(50_000, currency) })
      : null,
};

function noPayday(typed: string, { say }: Speech): string {
  const isDay = createCalendar('UTC').instantOf(typed) !== null;
  return say(isDay ? 'arguments.noPayday' : 'arguments.noDate', typedAs(typed));
}

function typedAs(typed = ''): { typed: string } {
  return { typed: shorten(typed, 60) };
}

function questionOf(name: ArgumentName, thing: Thing = 'other', { say }: Speech): string {
  switch (name) {
    case 'MODEL':
      return say('arguments.which', { thing: 'model' });
    case 'ACCOUNT':
      return say('arguments.which', { thing: 'account' });
    case 'DATE':
      return say('arguments.which', { thing: 'payday' });
    case 'AMOUNT':
      return say('arguments.which', { thing: 'amount' });
    case 'UNTIL':
      return say('arguments.until');
    case 'REASON':
      return say('arguments.reason');
    case 'REFERENCE':
      return say('arguments.reference');
    case 'TEXT':
      return say('arguments.text');
    default:
      return say('arguments.which', { thing });
  }
}

function exampleOf(name: ArgumentName, { thing = 'other', example }: Command, { account, display, speech }: Request) {
  switch (name) {
    case 'ID':
      return thing === 'other' ? OWN_IDS[account.role] : EXAMPLE_IDS[thing];
    case 'MODEL':
    case 'ACCOUNT':
      return EXAMPLE_IDS.account;
    case 'UNTIL':
      return '3d';
    case 'DATE':
    case 'WHEN':
      return '2026-04-01';
    case 'FORMAT':
      return 'sepa';
    case 'DAYS':
      return '3';
    case 'AMOUNT':
      return decimalMoney(50_000, display.currency);
    default:
      return example === undefined ? name : speech.say(example);
  }
}

const EXAMPLE_IDS: Record<Exclude<Thing, 'other'>, string> = {
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
