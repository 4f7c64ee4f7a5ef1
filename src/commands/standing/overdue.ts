import type { OverdueFilter } from '../../invoicing/overdueInvoices.ts';
import { createCalendar, formatInstant } from '../../kernel/calendar.ts';
import { BYTE_ORDER_MARK, csv } from '../../kernel/csv.ts';
import { decimalMoney, formatMoney, type MinorUnits } from '../../kernel/money.ts';
import {
  type Attachment,
  type Button,
  countOf,
  type Message,
  quotedEnd,
  shorten,
} from '../../notices/messages/message.ts';
import type { OverdueInvoice } from '../../standing/overdue.ts';
import { OVERDUE_COLUMNS, overdueRow } from '../../standing/overdueCsv.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelButton, modelName } from '../core/modelNames.ts';
import { parseAmount, parseDays, parseText, parseUntil } from '../core/parseArguments.ts';
import { standingCell } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

/** What managers do about what is overdue: see it, and hold sanctions (docs/chat.md, rules 2.6). */

const PAGE = 5;
const GRACE_DAYS = 3;
/** More rows are in `GET /v1/overdue.csv`. */
const FILE_ROWS = 5_000;

export const overdueCommand: Command = {
  name: 'overdue',
  arguments: '[DAYS] [AMOUNT] [AFTER]',
  roles: ['manager'],
  description: 'commands.overdue.description',
  async run(request): Promise<Message> {
    const { deps, now, words } = request;
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
      return { paragraphs: [`No invoice is overdue${filterWords(request, filter)}. Nothing to do.`], buttons: [] };
    }
    return overdueList(request, filter, page, totals, attachment);
  },
};

async function overdueList(
  request: Request,
  filter: OverdueFilter,
  page: { items: OverdueInvoice[]; next: string | null },
  totals: { invoices: number; models: number; total: MinorUnits },
  attachment: Attachment | undefined,
): Promise<Message> {
  const { display, deps } = request;
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const modelIds = page.items.map(({ modelId }) => modelId);
  const [accounts, links] = await Promise.all([deps.accounts.getMany(modelIds), deps.accounts.linksOf(modelIds)]);
  const reached = new Set(
    links.filter(({ unreachable }) => unreachable === undefined).map(({ accountId }) => accountId),
  );
  const nameOf = (modelId: string) =>
    `${modelName(accounts.get(modelId), modelId)}${reached.has(modelId) ? '' : ', out of reach'}`;
  const more = `/overdue ${filter.minDays ?? 0} ${decimalMoney(filter.minTotal ?? 0, display.currency)} ${page.next}`;
  return {
    title: `Overdue: ${money(totals.total)}`,
    paragraphs: [
      `${countOf(totals.invoices, 'invoice')} of ${countOf(totals.models, 'model')} ${totals.invoices === 1 ? 'is' : 'are'} overdue${filterWords(request, filter)}, ${money(totals.total)} in all. The oldest come first.`,
      'Remind sends the model a message now. Grace holds the sanctions; for another time or reason send: /grace MODEL UNTIL REASON',
    ],
    table: {
      header: ['Invoice', 'Model', 'Total', 'Overdue', 'Standing'],
      rows: page.items.map((item) => [
        item.invoiceId,
        nameOf(item.modelId),
        money(item.total),
        item.days === 0 ? 'since today' : countOf(item.days, 'day'),
        standingCell(item.standing),
      ]),
    },
    ...(attachment === undefined ? {} : { attachment }),
    ...(attachment !== undefined && totals.invoices > FILE_ROWS
      ? { footer: `The file has the first ${FILE_ROWS}; GET /v1/overdue.csv has all.` }
      : {}),
    buttons: [
      ...page.items.map((item) => rowButtons(request, item)),
      ...(page.next === null ? [] : [[{ label: 'Overdue: more', command: more }]]),
    ],
  };
}

function rowButtons(request: Request, { invoiceId, modelId, standing }: OverdueInvoice): Button[] {
  const remind = { label: `Remind ${shorten(invoiceId, 40)}`, command: `/remind ${invoiceId}` };
  return standing.terminated ? [remind] : [remind, graceButton(request, modelId)];
}

/** The end of the grace is fixed when the button is made, so that pressing it later or twice grants nothing more. */
export function graceButton({ display, now }: Request, modelId: string): Button {
  const until = createCalendar(display.timeZone).addDays(now, GRACE_DAYS).toISOString();
  return {
    label: `Grace ${shorten(modelId, 40)} for ${GRACE_DAYS} days`,
    command: `/grace ${modelId} ${until} granted by button for ${GRACE_DAYS} days`,
  };
}

function filterWords({ display }: Request, { minDays = 0, minTotal = 0 }: OverdueFilter): string {
  const parts = [
    ...(minDays > 0 ? [`for ${countOf(minDays, 'day')} or more`] : []),
    ...(minTotal > 0 ? [`with ${formatMoney(minTotal, display.currency)} or more`] : []),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}

async function fileOf({ deps, now }: Request, filter: OverdueFilter): Promise<Attachment> {
  const rows = [];
  for await (const items of deps.overdue.pages(filter, now)) {
    const names = await deps.accounts.namesOf(items.map(({ modelId }) => modelId));
    rows.push(...items.map((item) => overdueRow(item, names.get(item.modelId) ?? '', deps.platform.currency)));
    if (rows.length >= FILE_ROWS) break;
  }
  return {
    name: 'overdue.csv',
    contentType: 'text/csv',
    content: `${BYTE_ORDER_MARK}${csv(OVERDUE_COLUMNS, rows.slice(0, FILE_ROWS))}`,
  };
}

export const graceCommand: Command = {
  name: 'grace',
  arguments: 'MODEL UNTIL REASON',
  example: 'commands.grace.example',
  roles: ['manager'],
  description: 'commands.grace.description',
  changes: true,
  asksOnceMore: { question: whetherToHold },
  suggest: anyModels,
  async run(request) {
    const { deps, speech, actor, display, now } = request;
    const { id, until: end, reason } = graceOf(request);
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound(speech, 'model', id);
    const who = modelName(account, id);
    const until = formatInstant(end, display.timeZone);
    const buttons = [[modelButton(speech.say, id)]];
    const outcome = await deps.standings.grace(id, end, { actor, reason }, now);
    switch (outcome.kind) {
      case 'decided':
        return {
          title: `Sanctions of ${who} are held`,
          paragraphs: [
            `Until ${until} nothing is paused or blocked for late payment. Invoices still go overdue and still cost trust. After that the sanctions hold again by themselves.`,
            `How it stands now: ${standingCell(outcome.standing)}.`,
          ],
          buttons,
        };
      case 'decided-before':
        return {
          title: `Sanctions of ${who} are held already`,
          paragraphs: [`They are held until ${until} or longer. Nothing was changed.`],
          buttons,
        };
      case 'refused':
        return {
          title: 'No grace was given',
          paragraphs: [`${whyNoGrace(outcome.state, until, who)} Nothing was changed.`],
          buttons,
        };
    }
  },
};

/** The arguments, which are checked before. */
function graceOf({ words, display, now }: Request): { id: string; until: Date; reason: string } {
  const [id = '', ...others] = words;
  const parsed = parseUntil(others, display.timeZone, now);
  if (parsed === null) throw new Error(`a grace until ${others[0]} was not refused`);
  return { id, until: parsed.until, reason: parseText(parsed.rest) };
}

/** What is asked names an instant: a press that comes minutes later holds no longer. */
async function whetherToHold(request: Request): Promise<Question | null> {
  const { deps, speech, display, now } = request;
  const { id, until, reason } = graceOf(request);
  const account = await deps.accounts.get(id);
  if (account?.role !== 'model' || until <= now) return null;
  const [standing, decisions] = await Promise.all([deps.standings.standing(id, now), deps.standings.decisions(id)]);
  const isHeld = decisions.some(({ kind, until: end }) => kind === 'grace' && end !== null && end >= until);
  if (standing.terminated || isHeld) return null;
  const who = modelName(account, id);
  return {
    about: { kind: 'other', name: who },
    words: [id, until.toISOString(), reason],
    title: `Hold the sanctions of ${who}?`,
    paragraphs: [
      `Until ${formatInstant(until, display.timeZone)} nothing would be paused or blocked for late payment. A grace can be made longer, but not shorter. The model is told the reason: ${quotedEnd(reason)}`,
      `How it stands: ${standingCell(standing)}.`,
    ],
    label: `Grace ${shorten(id, 30)} until ${formatInstant(until, display.timeZone)}`,
    beside: modelButton(speech.say, id),
  };
}

function whyNoGrace(state: string, until: string, who: string): string {
  if (state === 'past') return `${until} is past, and a grace must end in the future.`;
  if (state === 'too-far') return `${until} is more than a year away, and a grace may last a year at most.`;
  return `The partnership with ${who} is terminated.`;
}
