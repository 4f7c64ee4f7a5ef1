import type { Account } from '../../accounts/account.ts';
import { CYCLE_COLUMNS, cycleRow, rowsPaidWith } from '../../affiliates/payouts/cycleCsv.ts';
import type { CycleView } from '../../affiliates/payouts/cycleViews.ts';
import { type PayoutView, UNSETTLED } from '../../affiliates/payouts/payout.ts';
import { type CycleDate, nextCycle } from '../../affiliates/payouts/payoutCycle.ts';
import { BYTE_ORDER_MARK, csv } from '../../kernel/csv.ts';
import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Attachment, type Button, type Message, shorten } from '../../notices/messages/message.ts';
import { previewCsv } from '../../simulation/previewCsv.ts';
import { previewFacts, previewSentences } from '../../simulation/words.ts';
import { speechOf } from '../../texts/speech.ts';
import type { Command, Request } from '../core/command.ts';
import { batchButtons, batchCommands, batchFacts } from './batch.ts';
import { holdCommands } from './hold.ts';
import { payoutState } from './payoutMessages.ts';
import { settleCommand } from './settle.ts';

/** With the facts above it, as many lines as fit. */
const SHOWN = 2;
/** More rows are in `GET /v1/payout-cycles/{date}.csv`. */
const FILE_ROWS = 5_000;

const cycleCommand: Command = {
  name: 'cycle',
  arguments: '[DATE]',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.cycle.description',
  suggest: async ({ deps, speech: { say, date }, now }, typed) =>
    cyclesAround({ deps }, deps.affiliates.payoutCalendar.cycleFrom(now))
      .filter((cycle) => cycle.includes(typed))
      .map((cycle) => ({ name: say('payoutCommands.cycle.suggestion', { payday: date(cycle) }), value: cycle })),
  async run(request): Promise<Message> {
    const { deps, now, words } = request;
    const [date] = words;
    const cycle = await deps.affiliates.cycles.get(date || (await cycleMeant(request)));
    return cycle.status === 'upcoming' && cycle.payday >= now ? toCome(request, cycle) : drawnUp(request, cycle);
  },
};

/** Where no date is given: the oldest with something to settle. What was carried may be in a payday that is long to come. */
async function cycleMeant({ deps, now }: Request): Promise<CycleDate> {
  const next = deps.affiliates.payoutCalendar.cycleFrom(now);
  const oldest = await deps.affiliates.payouts.oldestToSettle();
  return oldest !== null && oldest < next ? oldest : next;
}

/** A cycle whose payouts are generated: totals, what is still to be settled, and all of it as a file. */
async function drawnUp(request: Request, cycle: CycleView): Promise<Message> {
  const { say, money, date } = request.speech;
  const [open, attachment, batch] = await Promise.all([
    openPayouts(request, cycle.cycle),
    fileOf(request, cycle.cycle),
    request.deps.batches.get(cycle.cycle),
  ]);
  const accounts = await request.deps.accounts.getMany(open.map(({ accountId }) => accountId));
  const { due, processing } = cycle.byStatus;
  const stillOpen = due.count + processing.count;
  const [total, payday] = [money(cycle.total), date(cycle.cycle)];
  return {
    title: say('payoutCommands.cycle.title', { payday, total }),
    paragraphs: [
      `${say('payoutCommands.cycle.what', { count: cycle.payouts, total })} ${approvalsSentence(cycle, request)}`,
      ...(cycle.status === 'closing' ? [say('payoutCommands.cycle.closing')] : []),
      stillOpen === 0
        ? say('payoutCommands.cycle.nothingLeft')
        : say('payoutCommands.cycle.toSettle', { count: stillOpen, cycle: cycle.cycle }),
    ],
    facts: [...(batch === null ? [] : batchFacts(batch, request)), ...totalFacts(cycle, request)],
    ...(open.length === 0 ? {} : { table: await openTable(open, accounts, request) }),
    ...(attachment === undefined ? {} : { attachment }),
    ...(cycle.payouts > FILE_ROWS
      ? { footer: say('payoutCommands.cycle.moreRows', { rows: FILE_ROWS, cycle: cycle.cycle }) }
      : {}),
    buttons: [
      ...(batch === null ? [] : [batchButtons(batch, request)]),
      ...open.map(({ payoutId, accountId }) => {
        const payout = shorten(accounts.get(accountId)?.name ?? accountId, 40);
        return [
          { label: say('payoutCommands.buttons.statementOf', { payout }), command: `/statement ${payoutId}` },
          { label: say('payoutCommands.buttons.whyOf', { id: payout }), command: `/why ${payoutId}` },
        ];
      }),
      aroundButtons(request, cycle.cycle),
    ],
  };
}

function totalFacts({ byStatus }: CycleView, { speech: { say, money } }: Request): [string, string][] {
  const { due, processing, paid, failed } = byStatus;
  const part = ({ count, total }: CycleView['byStatus']['due']) => ({ count, total: money(total) });
  return [
    [say('payoutCommands.cycle.due'), say('payoutCommands.cycle.part', part(due))],
    [say('payoutCommands.cycle.processing'), say('payoutCommands.cycle.part', part(processing))],
    [say('payoutCommands.cycle.paid'), say('payoutCommands.cycle.part', part(paid))],
    [say('payoutCommands.cycle.failed'), say('payoutCommands.cycle.failedPart', part(failed))],
  ];
}

async function openTable(
  open: PayoutView[],
  accounts: Map<string, Account>,
  { deps, speech, now }: Request,
): Promise<NonNullable<Message['table']>> {
  const { say, money, instant } = speech;
  const holds = await deps.holds.ofPayouts(open, now);
  const stateOf = (payout: PayoutView) => {
    const hold = holds.get(payout.payoutId);
    return hold === undefined
      ? payoutState(payout, speech)
      : say('payoutCommands.payout.held', { until: instant(hold.until) });
  };
  return {
    header: [
      say('payoutCommands.columns.account'),
      say('payoutCommands.columns.amount'),
      say('payoutCommands.columns.state'),
      say('payoutCommands.columns.payout'),
    ],
    rows: open.map((payout) => [
      accounts.get(payout.accountId)?.name ?? payout.accountId,
      money(payout.amount),
      stateOf(payout),
      copyable(payout.payoutId),
    ]),
    numbers: [1],
  };
}

async function openPayouts({ deps }: Request, cycle: CycleDate): Promise<PayoutView[]> {
  const [due, processing] = await Promise.all(
    UNSETTLED.map((status) => deps.affiliates.payouts.list({ batch: cycle, status, limit: SHOWN })),
  );
  return [...(due?.items ?? []), ...(processing?.items ?? [])].slice(0, SHOWN);
}

async function fileOf({ deps }: Request, cycle: CycleDate): Promise<Attachment | undefined> {
  const rows = [];
  for await (const found of deps.affiliates.payouts.ofCycle(cycle)) {
    const payouts = rowsPaidWith(found, cycle);
    const accounts = await deps.accounts.getMany(payouts.map(({ accountId }) => accountId));
    rows.push(
      ...payouts.map((one) => cycleRow(one, cycle, accounts.get(one.accountId)?.name ?? '', deps.platform.currency)),
    );
    if (rows.length >= FILE_ROWS) break;
  }
  if (rows.length === 0) return undefined;
  return {
    name: `payouts-${cycle}.csv`,
    contentType: 'text/csv',
    content: `${BYTE_ORDER_MARK}${csv(CYCLE_COLUMNS, rows.slice(0, FILE_ROWS))}`,
  };
}

/** A cycle that is still to come: what would be generated, as things stand; nothing is written. */
async function toCome(request: Request, cycle: CycleView): Promise<Message> {
  const { deps, display, speech } = request;
  const { say, date } = speech;
  const preview = await deps.simulation.payday(cycle.cycle);
  return {
    title: say('payoutCommands.cycle.toComeTitle', { payday: date(cycle.cycle) }),
    paragraphs: [
      ...previewSentences(preview, display),
      approvalsSentence(cycle, request),
      say('payoutCommands.cycle.toCome', { payday: platformInstant(request, cycle.payday) }),
    ],
    facts: previewFacts(preview, display),
    ...(preview.rows.length === 0
      ? {}
      : {
          attachment: {
            name: `preview-${cycle.cycle}.csv`,
            contentType: 'text/csv',
            content: await previewCsv(preview, deps.accounts, deps.platform.currency),
          },
        }),
    buttons: [aroundButtons(request, cycle.cycle)],
  };
}

function approvalsSentence({ approvals: { start, end } }: CycleView, request: Request): string {
  const [from, until] = [platformInstant(request, start), platformInstant(request, end)];
  return request.speech.say('payoutCommands.cycle.takes', { from, until });
}

/** Paydays are the platform's, whatever the reader's zone (rules 6.1). */
function platformInstant({ deps, display }: Request, at: Date): string {
  return speechOf({ ...display, timeZone: deps.platform.timeZone }).instant(at);
}

function aroundButtons(request: Request, cycle: CycleDate): Button[] {
  return cyclesAround(request, cycle)
    .filter((other) => other !== cycle)
    .map((other) => cycleButton(request.speech.say, other));
}

/** The cycle before, the cycle, and the one after. */
function cyclesAround({ deps }: Pick<Request, 'deps'>, cycle: CycleDate): CycleDate[] {
  const { cycleBefore, paydayOf } = deps.affiliates.payoutCalendar;
  return [cycleBefore(paydayOf(cycle)), cycle, nextCycle(cycle)];
}

export const cycleCommands: readonly Command[] = [cycleCommand, ...batchCommands, settleCommand, ...holdCommands];
