import type { CycleBatch, CycleOutcome } from '../../affiliates/payouts/payoutActs.ts';
import { isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import { formatDate } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import { countOf, type Message, quoted, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { waitsForApproval } from './approvalMessages.ts';
import { payoutState } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

export const settleCommand: Command = {
  name: 'settle',
  arguments: 'ID REFERENCE',
  thing: 'payout',
  example: 'commands.settle.example',
  roles: ['manager'],
  description: 'commands.settle.description',
  changes: true,
  asksOnceMore: { amount: atStake, question: whetherToSettle },
  suggest: (request, typed) => payoutsMeant(request, typed, true),
  run: (request) => (isCycleDate(request.words[0] ?? '') ? settleCycle(request) : settlePayout(request)),
};

async function settlePayout(request: Request): Promise<Message> {
  const { deps, speech, actor, display, now } = request;
  const [id = '', ...rest] = request.words;
  const reference = parseText(rest);
  const outcome = await deps.affiliates.payoutActs.act(id, 'settle', { actor, reference }, now);
  if (outcome.kind === 'not-found') return notFound(speech, 'payout', id);
  const { payout } = outcome;
  const who = modelName(await deps.accounts.get(payout.accountId), payout.accountId);
  const amount = formatMoney(payout.amount, display.currency);
  const buttons = [
    [
      { label: `Cycle ${payout.cycle}`, command: `/cycle ${payout.cycle}` },
      { label: 'Why?', command: `/why ${payout.payoutId}` },
    ],
  ];
  switch (outcome.kind) {
    case 'done':
      return {
        title: `Payout ${payout.payoutId} is paid`,
        paragraphs: [`${amount} to ${who}, reference ${quoted(reference, 200)}. They and the platform are told.`],
        buttons,
      };
    case 'already':
      return {
        title: `Payout ${payout.payoutId} is paid already`,
        paragraphs: [
          `${amount} to ${who}: ${payoutState(payout, display)}, reference ${payout.reference === null ? 'none' : quoted(payout.reference, 200)}. Nothing was changed now.`,
        ],
        buttons,
      };
    case 'refused':
      return {
        title: `Payout ${payout.payoutId} stays ${outcome.state}`,
        paragraphs: [`It cannot be settled: ${refusalWords(outcome.reason)}. Nothing was changed.`],
        buttons,
      };
    case 'waiting':
      return waitsForApproval(outcome, `${amount} to ${who}`, display, buttons);
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

function cycleMessage(request: Request, cycle: string, reference: string, outcome: CycleOutcome): Message {
  const { display } = request;
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const buttons = [[{ label: `Cycle ${cycle}`, command: `/cycle ${cycle}` }]];
  switch (outcome.kind) {
    case 'settled':
      return {
        title: `Payday ${formatDate(cycle)} is settled`,
        paragraphs: [
          `${countOf(outcome.count, 'payout')}, ${money(outcome.total)} in all, reference ${quoted(reference, 200)}. The people and the platform are told.`,
        ],
        buttons,
      };
    case 'nothing':
      return {
        title: `Payday ${formatDate(cycle)} has nothing to settle`,
        paragraphs: ['No payout of it is still to be paid. Nothing was changed.'],
        buttons,
      };
    case 'changed':
      return {
        title: `Payday ${formatDate(cycle)} has changed`,
        paragraphs: [
          `You were asked about other payouts or amounts. Now it is ${inWords(outcome.batch, request)}. Nothing was changed; look at it, then send it again.`,
        ],
        buttons,
      };
    case 'waiting':
      return waitsForApproval(outcome, inWords(outcome.batch, request), display, buttons);
  }
}

function inWords({ count, total }: CycleBatch, { display }: Request): string {
  return `${formatMoney(total, display.currency)} to ${countOf(count, 'payee')}`;
}

/** What typing it would move: nothing where there is nothing to settle. */
async function atStake({ deps, words: [id = ''] }: Request): Promise<MinorUnits> {
  if (isCycleDate(id)) return (await deps.affiliates.payoutActs.batchOf(id)).total;
  const payout = await deps.affiliates.payouts.get(id);
  return payout?.status === 'due' || payout?.status === 'processing' ? payout.amount : 0;
}

async function whetherToSettle(request: Request): Promise<Question | null> {
  const [id = '', ...rest] = request.words;
  return isCycleDate(id) ? whetherToSettleCycle(request, id, rest) : whetherToSettlePayout(request, id, rest);
}

async function whetherToSettlePayout(request: Request, id: string, rest: string[]): Promise<Question | null> {
  const { deps, display } = request;
  const payout = await deps.affiliates.payouts.get(id);
  if (payout === null || payout.status === 'paid' || payout.status === 'failed') return null;
  const { payoutId, accountId, amount, cycle } = payout;
  const who = modelName(await deps.accounts.get(accountId), accountId);
  const reference = parseText(rest);
  return {
    about: { kind: 'payout', name: payoutId },
    words: [payoutId, reference],
    title: `Settle ${formatMoney(amount, display.currency)}?`,
    paragraphs: [
      `To one payee, ${who}, of the payday ${formatDate(cycle)}, reference ${quoted(reference, 200)}.`,
      `${FINAL} ${secondPerson(request)}`.trim(),
    ],
    label: `Settle ${shorten(payoutId, 40)}`,
    beside: { label: 'Why?', command: `/why ${payoutId}` },
  };
}

async function whetherToSettleCycle(request: Request, cycle: string, rest: string[]): Promise<Question | null> {
  // Asked again after it was too late, its words have the hash of then.
  const reference = parseText(hashIn(rest[0]) === undefined ? rest : rest.slice(1));
  const batch = await request.deps.affiliates.payoutActs.batchOf(cycle);
  if (batch.count === 0) return null;
  const { currency } = request.display;
  return {
    about: { kind: 'payday', name: cycle },
    words: [cycle, `${HASH}${batch.hash}`, reference],
    title: `Settle ${formatMoney(batch.total, currency)} to ${countOf(batch.count, 'payee')}?`,
    paragraphs: [
      `Everything that is still to be settled of the payday ${formatDate(cycle)}, with one reference: ${quoted(reference, 200)}.`,
      `${FINAL} ${secondPerson(request)}`.trim(),
    ],
    label: `Settle ${cycle}`,
    beside: { label: `Cycle ${cycle}`, command: `/cycle ${cycle}` },
  };
}

const FINAL = 'A paid payout is never changed, and the people and the platform are told.';

function secondPerson({ deps }: Request): string {
  return deps.policy.payouts.approvals === 2
    ? 'It takes two people: the second one who wants the very same settles it.'
    : '';
}

/** The batch that a question was about, between the date and the reference. */
function hashIn(word: string | undefined): string | undefined {
  return word?.startsWith(HASH) === true ? word.slice(HASH.length) : undefined;
}

const HASH = 'batch=';
