import type { Account } from '../../accounts/account.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Button, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import type { HoldSubject } from '../../paydays/hold.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request, Suggestion } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { parseIdUntilReason, parseText } from '../core/parseArguments.ts';
import { SUGGESTIONS_SHOWN, suggestionsOf } from '../core/suggestions.ts';
import { payoutTitle } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

/** How managers hold a payout, or all payouts of an account, and release them (docs/paydays.md). */

const holdCommand: Command = {
  name: 'hold',
  arguments: 'ID UNTIL REASON',
  thing: 'payout',
  example: 'commands.hold.example',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.hold.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToHold },
  suggest: payoutsAndAccounts,
  async run(request): Promise<Message> {
    const { deps, actor, speech, now } = request;
    const { say, instant } = speech;
    const { id, until, reason } = parseIdUntilReason(request.words, request.display.timeZone, now);
    const thing = await thingOf(request, id);
    if (thing === null) return notFound(speech, 'other', id);
    const outcome = await deps.holds.place({ subject: thing.subject, until, reason, actor }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'other', id);
    if (outcome.kind === 'refused') {
      return {
        title: say('payoutCommands.hold.refusedTitle'),
        paragraphs: [say('payoutCommands.hold.refused', { why: refusalWords(outcome.reason, say) })],
        buttons: thing.buttons,
      };
    }
    const ends = { until: instant(outcome.hold.until) };
    return {
      state: 'done',
      title: titleOf(thing, 'hold', request),
      paragraphs: [
        ...dueSentences(thing, request),
        outcome.kind === 'already'
          ? say('payoutCommands.hold.already', ends)
          : say(thing.payout === null ? 'payoutCommands.hold.accountWhat' : 'payoutCommands.hold.what', ends),
        say('payoutCommands.hold.sooner', { id: copyable(id) }),
      ],
      buttons: thing.buttons,
    };
  },
};

const releaseCommand: Command = {
  name: 'release',
  arguments: 'ID REASON',
  thing: 'payout',
  example: 'commands.release.example',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.release.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToRelease },
  suggest: payoutsAndAccounts,
  async run(request): Promise<Message> {
    const { deps, actor, speech, now, words } = request;
    const { say } = speech;
    const [id = '', ...rest] = words;
    const thing = await thingOf(request, id);
    if (thing === null) return notFound(speech, 'other', id);
    const outcome = await deps.holds.release({ subject: thing.subject, reason: parseText(rest), actor }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'other', id);
    if (outcome.kind === 'refused') {
      return {
        title: say('payoutCommands.release.refusedTitle'),
        paragraphs: [say('payoutCommands.release.refused', { why: refusalWords(outcome.reason, say) })],
        buttons: thing.buttons,
      };
    }
    return {
      state: 'done',
      title: titleOf(thing, 'release', request),
      paragraphs: [...dueSentences(thing, request), say('payoutCommands.release.what')],
      buttons: thing.buttons,
    };
  },
};

export const holdCommands: readonly Command[] = [holdCommand, releaseCommand];

/** What a manager means by an id: a payout, or everything that an account is paid. */
type Thing = {
  subject: HoldSubject;
  payout: PayoutView | null;
  account: Account | null;
  accountId: string;
  due: { count: number; total: MinorUnits };
  buttons: Button[][];
};

async function thingOf({ deps, speech }: Request, id: string): Promise<Thing | null> {
  const payout = await deps.affiliates.payouts.get(id);
  if (payout !== null) {
    const { payoutId, accountId, amount, cycle } = payout;
    const account = await deps.accounts.get(accountId);
    const buttons = [[cycleButton(speech.say, cycle), whyButton(payoutId, speech)]];
    return { subject: { payoutId }, payout, account, accountId, due: { count: 1, total: amount }, buttons };
  }
  const account = await deps.accounts.get(id);
  if (account === null) return null;
  const { accountId } = account;
  const { items } = await deps.affiliates.payouts.list({ accountId, status: 'due', limit: MOST });
  const due = { count: items.length, total: sum(items.map(({ amount }) => amount)) };
  return { subject: { accountId }, payout: null, account, accountId, due, buttons: [] };
}

/** Of an account that has more payouts due than this, so many are counted. */
const MOST = 100;

function titleOf(thing: Thing, act: 'hold' | 'release', { display, speech: { say } }: Request): string {
  const { payout, account, accountId } = thing;
  if (payout === null) return say(`payoutCommands.${act}.accountTitle`, { account: modelName(account, accountId) });
  return say(`payoutCommands.${act}.title`, payoutTitle(payout, display, account?.name ?? accountId));
}

function askTitleOf(thing: Thing, act: 'hold' | 'release', { display, speech: { say } }: Request): string {
  const { payout, account, accountId } = thing;
  if (payout === null) return say(`payoutCommands.${act}.askAccountTitle`, { account: modelName(account, accountId) });
  return say(`payoutCommands.${act}.askTitle`, payoutTitle(payout, display, account?.name ?? accountId));
}

function dueSentences({ payout, due }: Thing, { speech: { say, money } }: Request): string[] {
  return payout === null ? [say('payoutCommands.hold.due', { count: due.count, total: money(due.total) })] : [];
}

/** What is asked names an instant: a press that comes minutes later holds no longer. */
async function whetherToHold(request: Request): Promise<Question | null> {
  const { deps, actor, speech, now } = request;
  const { say, instant } = speech;
  const { id, until, reason } = parseIdUntilReason(request.words, request.display.timeZone, now);
  const thing = await thingOf(request, id);
  if (thing === null) return null;
  const wanted = { subject: thing.subject, until, reason, actor, simulated: true };
  if ((await deps.holds.place(wanted, now)).kind !== 'done') return null;
  const said = { until: instant(until), reason: quotedEnd(reason) };
  const ask = say(thing.payout === null ? 'payoutCommands.hold.askAccount' : 'payoutCommands.hold.ask', said);
  const name = shorten(thing.account?.name ?? thing.accountId, 30);
  return {
    about: thing.account?.name ?? thing.accountId,
    words: [id, until.toISOString(), reason],
    title: askTitleOf(thing, 'hold', request),
    paragraphs: [...dueSentences(thing, request), ask],
    label: say('payoutCommands.buttons.hold', { until: instant(until), payout: name }),
    beside: besideOf(thing, request),
  };
}

async function whetherToRelease(request: Request): Promise<Question | null> {
  const { deps, actor, speech, now, words } = request;
  const { say } = speech;
  const [id = '', ...rest] = words;
  const reason = parseText(rest);
  const thing = await thingOf(request, id);
  if (thing === null) return null;
  const wanted = { subject: thing.subject, reason, actor, simulated: true };
  if ((await deps.holds.release(wanted, now)).kind !== 'done') return null;
  return {
    about: thing.account?.name ?? thing.accountId,
    words: [id, reason],
    title: askTitleOf(thing, 'release', request),
    paragraphs: [...dueSentences(thing, request), say('payoutCommands.release.ask', { reason: quotedEnd(reason) })],
    label: say('payoutCommands.buttons.release', { payout: shorten(thing.account?.name ?? thing.accountId, 40) }),
    beside: besideOf(thing, request),
  };
}

function besideOf({ payout }: Thing, { deps, speech, now }: Request): Button {
  if (payout !== null) return whyButton(payout.payoutId, speech);
  return cycleButton(speech.say, deps.affiliates.payoutCalendar.cycleFrom(now));
}

/** Payouts that are due, and people who are paid. */
async function payoutsAndAccounts(request: Request, typed: string): Promise<Suggestion[]> {
  const payouts = await payoutsMeant(request, typed, true);
  if (typed === '') return payouts;
  const found = await Promise.all(
    (['affiliate', 'marketer'] as const).map((role) => request.deps.accounts.beginningWith(role, typed, PEOPLE)),
  );
  const people = suggestionsOf(
    found.flat(),
    typed,
    ({ accountId }) => accountId,
    (account) => modelName(account, account.accountId),
    ({ name, accountId }) => `${name} ${accountId}`,
  );
  return [...people, ...payouts].slice(0, SUGGESTIONS_SHOWN);
}

const PEOPLE = 5;
