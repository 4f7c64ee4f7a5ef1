import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { type CycleDate, isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Button, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import type { BatchOutcome } from '../../paydays/batchActs.ts';
import type { BatchView } from '../../paydays/batches.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { Say } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { parseText } from '../core/parseArguments.ts';
import { waitsForApproval } from './approvalMessages.ts';
import { payoutTitle } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

/** What managers do with the batch of a payday (docs/paydays.md). */

const checkCommand: Command = {
  name: 'check',
  arguments: 'DATE',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.check.description',
  changes: true,
  async run(request): Promise<Message> {
    const { deps, actor, speech, now, words } = request;
    const { say, money, date } = speech;
    const [cycle = ''] = words;
    const outcome = await deps.batchActs.check(cycle, { actor }, now);
    if (outcome.kind !== 'done') return refusedMessage(request, cycle, outcome);
    const { count, total } = outcome.batch;
    return {
      state: 'done',
      title: say('batches.check.title', { payday: date(cycle), total: money(total) }),
      paragraphs: [
        say('batches.check.what', { count, total: money(total) }),
        ...(count === 0 ? [] : [say('batches.check.next')]),
      ],
      facts: batchFacts(outcome.batch, request),
      buttons: [batchButtons(outcome.batch, request), [cycleButton(say, cycle)]],
    };
  },
};

const approveCommand: Command = {
  name: 'approve',
  arguments: 'DATE [HASH]',
  roles: ['manager'],
  scope: 'payouts.approve',
  description: 'commands.approve.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToApprove },
  async run(request): Promise<Message> {
    const { deps, actor, speech, now, words } = request;
    const { say, money, date } = speech;
    const [cycle = '', hash] = words;
    const outcome = await deps.batchActs.approve(cycle, { actor, hash }, now);
    if (outcome.kind === 'waiting') {
      return waitsForApproval(outcome, outcome.batch, speech, [[cycleButton(say, cycle)]]);
    }
    if (outcome.kind !== 'done' && outcome.kind !== 'already') return refusedMessage(request, cycle, outcome);
    const { count, total } = outcome.batch;
    return {
      state: 'done',
      title: say('batches.approve.title', { payday: date(cycle), total: money(total) }),
      paragraphs: [
        say('batches.approve.what', { count, total: money(total) }),
        ...(outcome.kind === 'already' ? [say('batches.approve.already')] : []),
      ],
      buttons: [batchButtons(outcome.batch, request), [cycleButton(say, cycle)]],
    };
  },
};

const excludeCommand: Command = {
  name: 'exclude',
  arguments: 'ID REASON',
  thing: 'payout',
  example: 'commands.exclude.example',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.exclude.description',
  changes: true,
  asksOnceMore: { always: true, question: (request) => whetherToMove(request, 'exclude') },
  suggest: (request, typed) => payoutsMeant(request, typed, true),
  async run(request): Promise<Message> {
    const { deps, actor, now, words } = request;
    const [id = '', ...rest] = words;
    return moved(request, 'exclude', await deps.batchActs.exclude(id, { actor, reason: parseText(rest) }, now));
  },
};

const includeCommand: Command = {
  name: 'include',
  arguments: 'ID',
  thing: 'payout',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.include.description',
  changes: true,
  asksOnceMore: { always: true, question: (request) => whetherToMove(request, 'include') },
  suggest: (request, typed) => payoutsMeant(request, typed, true),
  async run(request): Promise<Message> {
    const { deps, actor, now, words } = request;
    return moved(request, 'include', await deps.batchActs.include(words[0] ?? '', { actor }, now));
  },
};

export const batchCommands: readonly Command[] = [checkCommand, approveCommand, excludeCommand, includeCommand];

/** How far people are with a payday, and what there is to look at: two facts. */
export function batchFacts(batch: BatchView, { speech: { say, money, list } }: Request): [string, string][] {
  const { count, total, state, findings, leftOut } = batch;
  const fact = say('batches.fact', {
    count,
    total: money(total),
    state: say('batches.state', { state: WORDS[state] }),
  });
  const held = leftOut.filter((line) => 'held' in line).length;
  const onHold = held === 0 ? [] : [say('batches.finding.held', { count: held })];
  if (batch.checked === null) return [[say('batches.label'), [fact, ...onHold].join('; ')]];
  const found = [
    // What is held changes after the check: as it is now.
    ...findings
      .filter(({ kind }) => kind !== 'held')
      .map((finding) => say(`batches.finding.${finding.kind}`, { count: finding.count })),
    ...onHold,
  ];
  return [
    [say('batches.label'), fact],
    [say('batches.findings'), found.length === 0 ? say('batches.nothingUnusual') : list(found, 'and')],
  ];
}

const WORDS = {
  'drawn-up': 'drawnUp',
  checked: 'checked',
  approved: 'approved',
  exported: 'exported',
  settled: 'other',
} as const;

/** A button for each act that comes next. */
export function batchButtons({ cycle, state, hash, count }: BatchView, { speech }: Request): Button[] {
  const { say, date } = speech;
  const payday = date(cycle);
  const check = { label: say('batches.buttons.check', { payday }), command: `/check ${cycle}` };
  const settle = { label: say('batches.buttons.settle', { payday }), command: `/settle ${cycle}` };
  const exported = { label: say('payoutCommands.buttons.export', { what: payday }), command: `/export ${cycle}` };
  switch (state) {
    case 'drawn-up':
      return count === 0 ? [] : [check];
    case 'checked':
      return count === 0
        ? []
        : [{ label: say('batches.buttons.approve', { payday }), command: `/approve ${cycle} ${hash}` }];
    case 'approved':
      return [exported, settle];
    case 'exported':
      return [settle, exported];
    case 'settled':
      return [];
  }
}

async function whetherToApprove(request: Request): Promise<Question | Message | null> {
  const { deps, actor, speech, now, words } = request;
  const { say, money, date } = speech;
  const [cycle = '', expected] = words;
  const outcome = await deps.batchActs.approve(cycle, { actor, hash: expected, simulated: true }, now);
  if (outcome.kind !== 'done' && outcome.kind !== 'waiting') return null;
  const { count, total, hash } = outcome.batch;
  const ask = say('batches.approve.ask', { payday: date(cycle) });
  return {
    about: date(cycle),
    words: [cycle, hash],
    title: say('batches.approve.askTitle', { total: money(total), count }),
    paragraphs: [ask, ...(deps.policy.payouts.approvals === 2 ? [say('batches.approve.twoPeople')] : [])],
    label: say('batches.buttons.approve', { payday: date(cycle) }),
    beside: cycleButton(say, cycle),
  };
}

async function whetherToMove(request: Request, act: 'exclude' | 'include'): Promise<Question | null> {
  const { deps, actor, display, speech, now, words } = request;
  const { say } = speech;
  const [id = '', ...rest] = words;
  const reason = parseText(rest);
  const by = { actor, simulated: true };
  const outcome =
    act === 'exclude'
      ? await deps.batchActs.exclude(id, { ...by, reason }, now)
      : await deps.batchActs.include(id, by, now);
  const payout = await deps.affiliates.payouts.get(id);
  if (outcome.kind !== 'done' || payout === null) return null;
  const account = await deps.accounts.get(payout.accountId);
  const name = account?.name ?? payout.accountId;
  return {
    about: name,
    words: act === 'exclude' ? [id, reason] : [id],
    title: say(`batches.${act}.askTitle`, payoutTitle(payout, display, name)),
    paragraphs: [
      act === 'exclude' ? say('batches.exclude.ask', { reason: quotedEnd(reason) }) : say('batches.include.ask'),
    ],
    label: say(`batches.buttons.${act}`, { payout: shorten(name, 40) }),
    beside: whyButton(payout.payoutId, speech),
  };
}

/** What became of taking a payout out of its batch, or of putting it back. */
async function moved(request: Request, act: 'exclude' | 'include', outcome: BatchOutcome): Promise<Message> {
  const { deps, display, speech, words } = request;
  const [id = ''] = words;
  const payout: PayoutView | null = await deps.affiliates.payouts.get(id);
  if (payout === null) return notFound(speech, 'payout', id);
  const cycle = payout.carriedTo ?? payout.cycle;
  if (outcome.kind !== 'done' && outcome.kind !== 'already') return refusedMessage(request, cycle, outcome);
  const account = await deps.accounts.get(payout.accountId);
  const { say } = speech;
  return {
    state: 'done',
    title: say(`batches.${act}.title`, payoutTitle(payout, display, account?.name ?? payout.accountId)),
    paragraphs: [say(outcome.kind === 'already' ? 'batches.exclude.already' : `batches.${act}.what`)],
    facts: [[say('answers.id'), copyable(id)]],
    buttons: [[...batchButtons(outcome.batch, request), cycleButton(say, cycle)]],
  };
}

function refusedMessage(request: Request, cycle: CycleDate, outcome: BatchOutcome): Message {
  const { say, date, list } = request.speech;
  if (outcome.kind !== 'refused') return notFound(request.speech, 'payout', cycle);
  const accounts = [...new Set((outcome.changes ?? []).map(({ accountId }) => accountId))];
  return {
    title: say('batches.refusedTitle', { payday: date(cycle) }),
    paragraphs: [
      say('batches.refused', { why: refusalWords(outcome.reason, say) }),
      ...(accounts.length === 0
        ? []
        : [
            say('batches.yourChanges', {
              count: accounts.length,
              accounts: list(accounts.slice(0, NAMED).map(copyable), 'and'),
            }),
          ]),
    ],
    buttons: [[...(outcome.batch === null ? [] : batchButtons(outcome.batch, request)), ...cycleButtons(say, cycle)]],
  };
}

const NAMED = 5;

function cycleButtons(say: Say, cycle: CycleDate): Button[] {
  return isCycleDate(cycle) ? [cycleButton(say, cycle)] : [];
}
