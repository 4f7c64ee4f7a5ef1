import { CYCLE_COLUMNS, cycleRow } from '../../affiliates/payouts/cycleCsv.ts';
import { type PayoutView, UNSETTLED } from '../../affiliates/payouts/payout.ts';
import { type CycleDate, nextCycle } from '../../affiliates/payouts/payoutCycle.ts';
import type { CycleView } from '../../affiliates/payouts/payoutCycles.ts';
import { formatDate, formatInstant } from '../../kernel/calendar.ts';
import { BYTE_ORDER_MARK, csv } from '../../kernel/csv.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import { type Attachment, type Button, countOf, type Message, shorten } from '../../notices/messages/message.ts';
import { previewCsv } from '../../simulation/previewCsv.ts';
import { previewFacts, previewSentences } from '../../simulation/words.ts';
import type { Command, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';
import { payoutState } from './payoutMessages.ts';
import { settleCommand } from './settle.ts';

const SHOWN = 5;
/** More rows are in `GET /v1/payout-cycles/{date}.csv`. */
const FILE_ROWS = 5_000;

const cycleCommand: Command = {
  name: 'cycle',
  arguments: '[DATE]',
  roles: ['manager'],
  description: 'A payout cycle by its payday, as 2026-04-01; without one, what is to settle, or else the next',
  suggest: async ({ deps, now }, typed) =>
    cyclesAround({ deps }, deps.affiliates.payoutCalendar.cycleFrom(now))
      .filter((cycle) => cycle.includes(typed))
      .map((cycle) => ({ name: `Payday ${formatDate(cycle)}`, value: cycle })),
  async run(request): Promise<Message> {
    const { deps, now, words } = request;
    const [date] = words;
    const meant = date || (await deps.affiliates.payouts.oldestToSettle());
    const cycle = await deps.affiliates.cycles.get(meant ?? deps.affiliates.payoutCalendar.cycleFrom(now));
    return cycle.status === 'upcoming' && cycle.payday >= now ? toCome(request, cycle) : drawnUp(request, cycle);
  },
};

/** A cycle whose payouts are generated: totals, what is still to be settled, and all of it as a file. */
async function drawnUp(request: Request, cycle: CycleView): Promise<Message> {
  const { deps, display } = request;
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const [open, attachment] = await Promise.all([openPayouts(request, cycle.cycle), fileOf(request, cycle.cycle)]);
  const accounts = await deps.accounts.getMany(open.map(({ accountId }) => accountId));
  const { due, processing, paid, failed } = cycle.byStatus;
  const stillOpen = due.count + processing.count;
  return {
    title: `Payday ${formatDate(cycle.cycle)}: ${money(cycle.total)}`,
    paragraphs: [
      `${countOf(cycle.payouts, 'payout')}, ${money(cycle.total)} in all. ${approvalsSentence(cycle, request)}`,
      ...(cycle.status === 'closing' ? ['Its payouts are being drawn up right now; ask again in a moment.'] : []),
      stillOpen === 0
        ? 'Nothing is left to settle.'
        : `${countOf(stillOpen, 'payout')} still to settle. When one is paid, send: /settle ID REFERENCE; for all of them at once: /settle ${cycle.cycle} REFERENCE`,
    ],
    facts: [
      ['Due', `${due.count}, ${money(due.total)}`],
      ['On its way', `${processing.count}, ${money(processing.total)}`],
      ['Paid', `${paid.count}, ${money(paid.total)}`],
      ['Failed', `${failed.count}, ${money(failed.total)}: back in a later cycle`],
    ],
    ...(open.length === 0
      ? {}
      : {
          table: {
            header: ['Payout', 'Account', 'Amount', 'State'],
            rows: open.map((payout) => [
              payout.payoutId,
              modelName(accounts.get(payout.accountId), payout.accountId),
              money(payout.amount),
              payoutState(payout, display),
            ]),
          },
        }),
    ...(attachment === undefined ? {} : { attachment }),
    ...(cycle.payouts > FILE_ROWS
      ? { footer: `The file has the first ${FILE_ROWS}; GET /v1/payout-cycles/${cycle.cycle}.csv has all.` }
      : {}),
    buttons: [
      ...open.map(({ payoutId }) => [
        { label: `Statement ${shorten(payoutId, 40)}`, command: `/statement ${payoutId}` },
        { label: `Why ${shorten(payoutId, 40)}?`, command: `/why ${payoutId}` },
      ]),
      aroundButtons(request, cycle.cycle),
    ],
  };
}

async function openPayouts({ deps }: Request, cycle: CycleDate): Promise<PayoutView[]> {
  const [due, processing] = await Promise.all(
    UNSETTLED.map((status) => deps.affiliates.payouts.list({ cycle, status, limit: SHOWN })),
  );
  return [...(due?.items ?? []), ...(processing?.items ?? [])].slice(0, SHOWN);
}

async function fileOf({ deps }: Request, cycle: CycleDate): Promise<Attachment | undefined> {
  const rows = [];
  for await (const payouts of deps.affiliates.payouts.ofCycle(cycle)) {
    const accounts = await deps.accounts.getMany(payouts.map(({ accountId }) => accountId));
    rows.push(...payouts.map((one) => cycleRow(one, accounts.get(one.accountId)?.name ?? '', deps.platform.currency)));
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
  const { deps, display } = request;
  const preview = await deps.simulation.payday(cycle.cycle);
  return {
    title: `Payday ${formatDate(cycle.cycle)} is to come`,
    paragraphs: [
      ...previewSentences(preview, display),
      approvalsSentence(cycle, request),
      `This is how it would be by what is known now; nothing was changed. The payouts are drawn up on ${formatInstant(cycle.payday, deps.platform.timeZone)}.`,
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

function approvalsSentence({ approvals: { start, end } }: CycleView, { deps }: Request): string {
  const [from, until] = [start, end].map((at) => formatInstant(at, deps.platform.timeZone));
  return `It takes what was approved from ${from} until just before ${until}, and what was carried over.`;
}

function aroundButtons(request: Request, cycle: CycleDate): Button[] {
  return cyclesAround(request, cycle)
    .filter((other) => other !== cycle)
    .map((other) => ({ label: `Cycle ${other}`, command: `/cycle ${other}` }));
}

/** The cycle before, the cycle, and the one after. */
function cyclesAround({ deps }: Pick<Request, 'deps'>, cycle: CycleDate): CycleDate[] {
  const { cycleBefore, paydayOf } = deps.affiliates.payoutCalendar;
  return [cycleBefore(paydayOf(cycle)), cycle, nextCycle(cycle)];
}

export const cycleCommands: readonly Command[] = [cycleCommand, settleCommand];
