import type { OverdueFilter } from '../../invoicing/overdueInvoices.ts';
import { restOf } from '../../invoicing/part.ts';
import { BYTE_ORDER_MARK, csv } from '../../kernel/csv.ts';
import { decimalMoney, type MinorUnits } from '../../kernel/money.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Attachment, type Button, type Message, shorten } from '../../notices/messages/message.ts';
import type { OverdueInvoice } from '../../standing/overdue.ts';
import { OVERDUE_COLUMNS, overdueRow } from '../../standing/overdueCsv.ts';
import type { Speech } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';
import type { Command, Request } from '../core/command.ts';
import { parseAmount, parseDays } from '../core/parseArguments.ts';
import { graceButton } from './grace.ts';
import { standingCell } from './standingMessages.ts';

/** What managers see of what is overdue (docs/chat.md, rules 2). */

const PAGE = 5;
/** More rows are in `GET /v1/overdue.csv`. */
const FILE_ROWS = 5_000;

export const overdueCommand: Command = {
  name: 'overdue',
  arguments: '[DAYS] [AMOUNT] [AFTER]',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.overdue.description',
  async run(request): Promise<Message> {
    const { deps, speech, now, words } = request;
    const [days = '', ...others] = words.map((word) => word.trim());
    const amount = parseAmount(others, request.display.currency);
    const [after] = amount?.rest ?? others.slice(1);
    // Left out means no minimum.
    const filter = { minDays: parseDays(days) ?? 0, minTotal: amount?.amount ?? 0 };
    const [page, totals, attachment] = await Promise.all([
      deps.overdue.list({ limit: PAGE, ...filter, ...(after ? { after } : {}) }, now),
      deps.overdue.totals(filter, now),
      after ? undefined : fileOf(request, filter),
    ]);
    if (totals.invoices === 0) {
      return { paragraphs: [speech.say('standingCommands.overdue.none', filterWords(filter, speech))], buttons: [] };
    }
    return overdueList(request, filter, page, totals, attachment);
  },
};

async function overdueList(
  request: Request,
  filter: Minimum,
  page: { items: OverdueInvoice[]; next: string | null },
  totals: { invoices: number; models: number; total: MinorUnits },
  attachment: Attachment | undefined,
): Promise<Message> {
  const { display, speech } = request;
  const { say, money } = speech;
  const { invoices: count, models } = totals;
  const total = money(totals.total);
  const names = await request.deps.accounts.getMany(page.items.map(({ modelId }) => modelId));
  const more = `/overdue ${filter.minDays} ${decimalMoney(filter.minTotal, display.currency)} ${page.next}`;
  return {
    state: 'overdue',
    title: say('standingCommands.overdue.title', { total }),
    paragraphs: [
      say('standingCommands.overdue.what', { count, models, total, ...filterWords(filter, speech) }),
      say('standingCommands.overdue.buttons'),
    ],
    table: await overdueTable(request, page.items),
    ...(attachment === undefined ? {} : { attachment }),
    ...(attachment !== undefined && count > FILE_ROWS
      ? { footer: say('standingCommands.overdue.moreRows', { rows: FILE_ROWS }) }
      : {}),
    buttons: [
      ...page.items.map((item) => rowButtons(request, item, names.get(item.modelId)?.name ?? item.modelId)),
      ...(page.next === null ? [] : [[{ label: say('standingCommands.buttons.moreOverdue'), command: more }]]),
    ],
  };
}

async function overdueTable(
  { deps, speech, now }: Request,
  items: OverdueInvoice[],
): Promise<NonNullable<Message['table']>> {
  const { say, money, weekDays, day } = speech;
  const modelIds = items.map(({ modelId }) => modelId);
  const [accounts, links, promised] = await Promise.all([
    deps.accounts.getMany(modelIds),
    deps.accounts.linksOf(modelIds),
    deps.promises.latestOf(
      items.map(({ invoiceId }) => invoiceId),
      now,
    ),
  ]);
  const reached = new Set(
    links.filter(({ unreachable }) => unreachable === undefined).map(({ accountId }) => accountId),
  );
  const nameOf = (modelId: string) => {
    const model = accounts.get(modelId)?.name ?? modelId;
    return reached.has(modelId) ? model : say('standingCommands.overdue.outOfReach', { model });
  };
  const sinceWhen = ({ invoiceId, days }: OverdueInvoice) => {
    const since =
      days === 0 ? say('standingCommands.overdue.sinceToday') : say('standingCommands.overdue.days', { count: days });
    const promise = promised.get(invoiceId);
    if (promise?.status !== 'running') return since;
    return say('standingCommands.overdue.promised', { days: since, day: day(promise.until) });
  };
  return {
    header: [
      say('standingCommands.overdue.model'),
      say('invoiceState.table.week'),
      say('standingCommands.overdue.total'),
      say('standingCommands.overdue.overdue'),
      say('standingCommands.overdue.standing'),
      say('standingCommands.overdue.invoice'),
    ],
    rows: items.map((item) => [
      nameOf(item.modelId),
      weekDays(item.week),
      money(restOf(item)),
      sinceWhen(item),
      standingCell(item.standing, speech),
      copyable(item.invoiceId),
    ]),
    numbers: [2],
  };
}

function rowButtons(
  { speech, display, now }: Request,
  { invoiceId, modelId, week, standing }: OverdueInvoice,
  model: string,
): Button[] {
  const invoice = shorten(thingsOf(display).invoiceOf(model, week), 50);
  const label = speech.say('standingCommands.buttons.remind', { invoice });
  const remind = { label, command: `/remind ${invoiceId}` };
  return standing.terminated ? [remind] : [remind, graceButton({ speech, display, now }, modelId, model)];
}

/** Nothing, by zero. */
type Minimum = Required<Pick<OverdueFilter, 'minDays' | 'minTotal'>>;

/** What is asked for, as the texts about it take it. */
function filterWords({ minDays, minTotal }: Minimum, { money }: Speech) {
  const both = minTotal > 0 ? 'both' : 'days';
  const filter = minDays > 0 ? both : minTotal > 0 ? 'amount' : 'other';
  return { filter, days: minDays, amount: money(minTotal) } as const;
}

async function fileOf({ deps, now }: Request, filter: OverdueFilter): Promise<Attachment> {
  const rows = [];
  for await (const items of deps.overdue.pages(filter, now)) {
    const [names, promised] = await Promise.all([
      deps.accounts.namesOf(items.map(({ modelId }) => modelId)),
      deps.promises.latestOf(
        items.map(({ invoiceId }) => invoiceId),
        now,
      ),
    ]);
    const { currency } = deps.platform;
    rows.push(
      ...items.map((item) => overdueRow(item, promised.get(item.invoiceId), names.get(item.modelId) ?? '', currency)),
    );
    if (rows.length >= FILE_ROWS) break;
  }
  return {
    name: 'overdue.csv',
    contentType: 'text/csv',
    content: `${BYTE_ORDER_MARK}${csv(OVERDUE_COLUMNS, rows.slice(0, FILE_ROWS))}`,
  };
}
