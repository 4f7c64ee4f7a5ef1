import type { CycleOutcome } from '../../affiliates/payouts/payoutActs.ts';
import { isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, quoted, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { waitsForApproval } from './approvalMessages.ts';
import { payoutState, payoutTitle } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

export const settleCommand: Command = {
  name: 'settle',
  arguments: 'ID REFERENCE',
  thing: 'payout',
  example: 'commands.settle.example',
  roles: ['manager'],
  scope: 'payouts.approve',
  description: 'commands.settle.description',
  changes: true,
  asksOnceMore: { amount: atStake, question: whetherToSettle },
  suggest: (request, typed) => payoutsMeant(request, typed, true),
  run: (request) => (isCycleDate(request.words[0] ?? '') ? settleCycle(request) : settlePayout(request)),
};

async function settlePayout(request: Request): Promise<Message> {
  const { deps, actor, speech, now } = request;
  const { say, money } = speech;
  const [id = '', ...rest] = request.words;
  const reference = parseText(rest);
  const outcome = await deps.affiliates.payoutActs.act(id, 'settle', { actor, reference }, now);
  if (outcome.kind === 'not-found') return notFound(speech, 'payout', id);
  const { payout } = outcome;
  const { payoutId } = payout;
  const account = await deps.accounts.get(payout.accountId);
  const payee = modelName(account, payout.accountId);
  const amount = money(payout.amount);
  const named = payoutTitle(payout, request.display, account?.name ?? payout.accountId);
  const facts: [string, string][] = [[say('answers.id'), copyable(payoutId)]];
  const buttons = [[cycleButton(speech.say, payout.cycle), whyButton(payoutId, speech)]];
  switch (outcome.kind) {
    case 'done':
      return {
        state: 'done',
        title: say('payoutCommands.settle.paidTitle', named),
        paragraphs: [say('payoutCommands.settle.paid', { amount, payee, reference: quoted(reference, 200) })],
        facts,
        buttons,
      };
    case 'already': {
      const was = { amount, payee, state: payoutState(payout, speech) };
      return {
        state: 'done',
        title: say('payoutCommands.settle.alreadyTitle', named),
        paragraphs: [
          payout.reference === null
            ? say('payoutCommands.settle.alreadyUnnamed', was)
            : say('payoutCommands.settle.already', { ...was, reference: quoted(payout.reference, 200) }),
        ],
        buttons,
      };
    }
    case 'refused': {
      const state = outcome.state === 'failed' ? 'other' : outcome.state;
      return {
        title: say('payoutCommands.settle.staysTitle', { ...named, state }),
        paragraphs: [say('payoutCommands.settle.refused', { why: refusalWords(outcome.reason, say) })],
        buttons,
      };
    }
    case 'waiting':
      return waitsForApproval(outcome, { amount: payout.amount, payee }, speech, buttons);
  }
}

async function settleCycle(request: Request): Promise<Message> {
  const { deps, actor, now } = request;
  const [cycle = '', ...words] = request.words;
  const expected = hashIn(words[0]);
  const reference = parseText(expected === undefined ? words : words.slice(1));
  const outcome = await deps.affiliates.payoutActs.settleCycle(cycle, { actor, reference }, now, expected);
  return cycleMessage(request, cycle, reference, outcome);
}

function cycleMessage({ speech }: Request, cycle: string, reference: string, outcome: CycleOutcome): Message {
  const { say, money, date } = speech;
  const payday = date(cycle);
  const buttons = [[cycleButton(speech.say, cycle)]];
  switch (outcome.kind) {
    case 'settled': {
      const { count, total } = outcome;
      return {
        title: say('payoutCommands.settle.cyclePaidTitle', { payday }),
        paragraphs: [
          say('payoutCommands.settle.cyclePaid', { count, total: money(total), reference: quoted(reference, 200) }),
        ],
        buttons,
      };
    }
    case 'nothing':
      return {
        title: say('payoutCommands.settle.cycleEmptyTitle', { payday }),
        paragraphs: [say('payoutCommands.settle.cycleEmpty')],
        buttons,
      };
    case 'changed': {
      const { count, total } = outcome.batch;
      return {
        title: say('payoutCommands.settle.cycleChangedTitle', { payday }),
        paragraphs: [say('payoutCommands.settle.cycleChanged', { count, total: money(total) })],
        buttons,
      };
    }
    case 'waiting':
      return waitsForApproval(outcome, outcome.batch, speech, buttons);
  }
}

/** What typing it would move: nothing where there is nothing to settle. */
async function atStake({ deps, now, words: [id = ''] }: Request): Promise<MinorUnits> {
  if (isCycleDate(id)) return (await deps.affiliates.payoutActs.batchOf(id, now)).total;
  const payout = await deps.affiliates.payouts.get(id);
  return payout?.status === 'due' || payout?.status === 'processing' ? payout.amount : 0;
}

async function whetherToSettle(request: Request): Promise<Question | null> {
  const [id = '', ...rest] = request.words;
  return isCycleDate(id) ? whetherToSettleCycle(request, id, rest) : whetherToSettlePayout(request, id, rest);
}

async function whetherToSettlePayout(request: Request, id: string, rest: string[]): Promise<Question | null> {
  const { deps, speech } = request;
  const { say, money, date } = speech;
  const payout = await deps.affiliates.payouts.get(id);
  if (payout === null || payout.status === 'paid' || payout.status === 'failed') return null;
  const { payoutId, accountId, amount, cycle } = payout;
  const account = await deps.accounts.get(accountId);
  const payee = modelName(account, accountId);
  const named = payoutTitle(payout, request.display, account?.name ?? accountId);
  const reference = parseText(rest);
  return {
    about: named.payout,
    words: [payoutId, reference],
    title: say('payoutCommands.settle.askTitle', { amount: money(amount) }),
    paragraphs: [
      say('payoutCommands.settle.ask', { payee, payday: date(cycle), reference: quoted(reference, 200) }),
      finalSentences(request),
    ],
    label: say('payoutCommands.buttons.settle', { payout: shorten(account?.name ?? accountId, 40) }),
    beside: whyButton(payoutId, speech),
  };
}

async function whetherToSettleCycle(request: Request, cycle: string, rest: string[]): Promise<Question | null> {
  // Asked again after it was too late, its words have the hash of then.
  const reference = parseText(hashIn(rest[0]) === undefined ? rest : rest.slice(1));
  const { count, total, hash } = await request.deps.affiliates.payoutActs.batchOf(cycle, request.now);
  if (count === 0) return null;
  const { say, money, date } = request.speech;
  return {
    about: date(cycle),
    words: [cycle, `${HASH}${hash}`, reference],
    title: say('payoutCommands.settle.askCycleTitle', { total: money(total), count }),
    paragraphs: [
      say('payoutCommands.settle.askCycle', { payday: date(cycle), reference: quoted(reference, 200) }),
      finalSentences(request),
    ],
    label: say('payoutCommands.buttons.settle', { payout: date(cycle) }),
    beside: cycleButton(request.speech.say, cycle),
  };
}

function finalSentences({ deps, speech: { say } }: Request): string {
  const final = say('payoutCommands.settle.final');
  return deps.policy.payouts.approvals === 2 ? `${final} ${say('payoutCommands.settle.twoPeople')}` : final;
}

/** The batch that a question was about, between the date and the reference. */
function hashIn(word: string | undefined): string | undefined {
  return word?.startsWith(HASH) === true ? word.slice(HASH.length) : undefined;
}

const HASH = 'batch=';
