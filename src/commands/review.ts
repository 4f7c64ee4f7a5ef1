import { formatInstant } from '../kernel/calendar.ts';
import { type Cents, formatMoney } from '../kernel/money.ts';
import { type Button, countOf, type Message, shorten } from '../notices/message.ts';
import { type DecisionView, reviewNumber } from '../revshare/decisions.ts';
import type { TrustChange } from '../revshare/standing.ts';
import { reasonSentence } from '../revshare/standingWords.ts';
import { notFound, usage } from './answers.ts';
import type { Command, Request } from './command.ts';
import { CONFIRM_MINUTES } from './confirmations.ts';
import { invoiceRow } from './invoiceMessages.ts';
import { modelName } from './modelNames.ts';
import { graceButton } from './overdue.ts';
import { standingCell, standingFacts, trustFacts } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

/** What managers see of a model, and what they decide about the partnership (contract 6, rules 2.5). */

const PAGE = 5;
const CHANGES_SHOWN = 6;
const DECISIONS_SHOWN = 3;
const REASON_LENGTH = 1_000;
/** A confirmation is told from a model by its first character, which no id of the platform has. */
const TOKEN = /^!(.+)$/;
/** A button for one review, `m1#2`, is told from a model in the same way. */
const OF_REVIEW = /^(.+)#(\d{1,9})$/;

const modelCommand: Command = {
  name: 'model',
  arguments: 'ID',
  roles: ['manager'],
  description: 'One model: standing, invoices, trust and decisions',
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, reader, now } = request;
    const [id] = request.words;
    if (!id) return usage(this, '/model MODEL');
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound('model', id);
    const [standing, changes, decisions, unpaid, balance, links, owed] = await Promise.all([
      deps.standings.standing(id, now),
      deps.standings.trust(id, now),
      deps.standings.decisions(id),
      deps.invoices.unpaid(id, now),
      deps.ledger.balance(`model:${id}`),
      deps.accounts.linksOf([id]),
      deps.orders.owedBy([id]),
    ]);
    const owedForFans = owed.get(id) ?? 0;
    const reachable = links.filter(({ unreachable }) => unreachable === undefined).map(({ channel }) => channel);
    const overdue = unpaid.filter(({ status }) => status === 'overdue');
    const review = standing.terminationReview ? [reviewButtons(id, decisions, changes)] : [];
    return {
      title: modelName(account, id),
      paragraphs: standing.reasons.map((reason) => reasonSentence(reason, reader)),
      facts: [
        ...standingFacts(standing, reader),
        ['Balance', formatMoney(balance, reader.currency)],
        ...(owedForFans > 0 ? [['Owed for fans', formatMoney(owedForFans, reader.currency)] as [string, string]] : []),
        ['Chats', reachable.length === 0 ? 'none that messages arrive in' : [...new Set(reachable)].join(', ')],
        ...decisionFacts(decisions, request),
        ...trustFacts(changes, CHANGES_SHOWN, reader),
      ],
      ...(unpaid.length === 0
        ? {}
        : {
            table: {
              header: ['Invoice', 'Week', 'Total', 'State'],
              rows: unpaid.slice(0, PAGE).map((invoice) => invoiceRow(invoice, reader)),
            },
          }),
      buttons: [
        ...overdue.slice(0, PAGE).map(({ invoiceId }) => [
          { label: `Remind ${shorten(invoiceId, 40)}`, command: `/remind ${invoiceId}` },
          { label: `Invoice ${shorten(invoiceId, 40)}`, command: `/invoice ${invoiceId}` },
        ]),
        ...(overdue.length === 0 || standing.terminated ? [] : [[graceButton(request, id)]]),
        ...review,
      ],
    };
  },
};

function decisionFacts(decisions: DecisionView[], { reader }: Request): [string, string][] {
  const said = { grace: 'Grace', terminate: 'Terminated', keep: 'Kept' };
  return decisions.slice(0, DECISIONS_SHOWN).map(({ kind, at, until, reason, actor }) => {
    const end = until === null ? '' : ` until ${formatInstant(until, reader.timeZone)}`;
    return [said[kind], `${formatInstant(at, reader.timeZone)}${end}, by ${actor}: ${shorten(reason, 200)}`];
  });
}

const reviewCommand: Command = {
  name: 'review',
  arguments: '[AFTER]',
  roles: ['manager'],
  description: 'Open termination reviews, with their history',
  async run(request): Promise<Message> {
    const { deps, now } = request;
    const [after = ''] = request.words;
    const open = (await deps.standings.underReview()).filter((id) => id > after);
    const shown = open.slice(0, PAGE);
    if (shown.length === 0) {
      return {
        paragraphs: [after === '' ? 'No termination review is open. Nothing to do.' : 'There are no more.'],
        buttons: [],
      };
    }
    const [accounts, standings] = await Promise.all([
      deps.accounts.getMany(shown),
      deps.standings.standings(shown, now),
    ]);
    const histories = await Promise.all(shown.map((id) => historyOf(request, id)));
    const last = shown.at(-1) ?? '';
    return {
      title: `Termination reviews: ${open.length} open`,
      paragraphs: [
        'Nothing happens by itself. Terminate asks once more; Keep closes the review, and only invoices that go overdue later count again. With a reason of your own: /terminate MODEL REASON or /keep MODEL REASON',
      ],
      facts: shown.flatMap((id, index) => {
        const standing = standings.get(id);
        const now = standing === undefined ? [] : [standingCell(standing), ...overdueWords(standing.overdue, request)];
        return [[modelName(accounts.get(id), id), [...now, ...(histories[index]?.words ?? [])].join('; ')]];
      }),
      buttons: [
        ...shown.map((id, index) => histories[index]?.buttons ?? [modelButton(id)]),
        ...(open.length > shown.length ? [[{ label: 'Review: more', command: `/review ${last}` }]] : []),
      ],
    };
  },
};

function overdueWords({ count, total }: { count: number; total: Cents }, { reader }: Request): string[] {
  return count === 0
    ? ['nothing overdue now']
    : [`${countOf(count, 'invoice')} overdue, ${formatMoney(total, reader.currency)}`];
}

async function historyOf(request: Request, id: string): Promise<{ words: string[]; buttons: Button[] }> {
  const { deps, now } = request;
  const [changes, decisions] = await Promise.all([deps.standings.trust(id, now), deps.standings.decisions(id)]);
  const late = changes.filter(isLate).map(({ subject }) => subject);
  const kept = decisions.filter(({ kind }) => kind === 'keep').length;
  return {
    words: [
      `${countOf(late.length, 'invoice')} went overdue so far (${late.slice(-PAGE).join(', ')})`,
      ...(kept === 0 ? [] : [`kept ${countOf(kept, 'time')} before`]),
    ],
    buttons: [modelButton(id), ...reviewButtons(id, decisions, changes)],
  };
}

/** Keep is for the review that is open now: an old button does not close a later one. */
function reviewButtons(id: string, decisions: DecisionView[], changes: TrustChange[]): Button[] {
  const short = shorten(id, 40);
  const late = countOf(changes.filter(isLate).length, 'invoice');
  return [
    { label: `Terminate ${short}`, command: `/terminate ${id} paid late again and again: ${late} went overdue` },
    { label: `Keep ${short}`, command: `/keep ${id}#${reviewNumber({ decisions })} reviewed, the partnership goes on` },
  ];
}

function isLate({ cause }: TrustChange): boolean {
  return cause === 'invoice-late' || cause === 'invoice-late-again';
}

function modelButton(id: string): Button {
  return { label: `Model ${shorten(id, 40)}`, command: `/model ${id}` };
}

const terminateCommand: Command = {
  name: 'terminate',
  arguments: 'MODEL REASON',
  roles: ['manager'],
  description: 'End a partnership; asks once more',
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, account, now } = request;
    const [id, ...rest] = request.words;
    const token = TOKEN.exec(id ?? '')?.[1];
    if (token !== undefined) return confirmed(request, token);
    const reason = rest.join(' ').trim().slice(0, REASON_LENGTH);
    if (!id || reason === '') return usage(this, '/terminate MODEL paid late again and again');
    const model = await deps.accounts.get(id);
    if (model?.role !== 'model') return notFound('model', id);
    const who = modelName(model, id);
    const standing = await deps.standings.standing(id, now);
    if (standing.terminated) return terminatedAlready(request, id, who);
    const asked = { command: 'terminate', accountId: account.accountId, subject: id, reason };
    const confirmation = await deps.confirmations.ask(asked, now);
    return {
      title: `Terminate ${who}?`,
      paragraphs: [
        `This ends the partnership for good: campaigns stop, new orders are refused, accepted ones are stopped and settled (prepaid ones that run go on), and there is no way back. Reason: ${reason}`,
        `How it stands: ${standingCell(standing)}.`,
        `Nothing has happened yet. To go on, press the button within ${CONFIRM_MINUTES} minutes; otherwise do nothing.`,
      ],
      buttons: [
        [{ label: `Terminate ${shorten(id, 40)} for good`, command: `/terminate !${confirmation}` }, modelButton(id)],
      ],
    };
  },
};

/** The second press: what was asked is what is done, once, by who asked. */
async function confirmed(request: Request, token: string): Promise<Message> {
  const { deps, account, actor, now } = request;
  const answer = await deps.confirmations.confirm(token, { command: 'terminate', accountId: account.accountId }, now);
  if (answer.kind === 'unknown') {
    return { paragraphs: ['There is no such question of yours to answer. Nothing was changed.'], buttons: [] };
  }
  const { subject: id, reason } = answer;
  const who = modelName(await deps.accounts.get(id), id);
  if (answer.kind === 'expired') {
    return {
      title: 'That was too late',
      paragraphs: [
        `The question about ${who} could be answered for ${CONFIRM_MINUTES} minutes. Nothing was changed. To be asked again, send: /terminate ${id} REASON`,
      ],
      buttons: [[modelButton(id)]],
    };
  }
  if (answer.kind === 'used') return howItStands(request, id, who);
  const outcome = await deps.standings.terminate(id, { actor, reason }, now);
  if (outcome.kind !== 'decided') return terminatedAlready(request, id, who);
  const { count, total } = outcome.standing.overdue;
  const owed =
    count === 0
      ? ''
      : ` What is overdue, ${formatMoney(total, request.reader.currency)}, stays due and is still debited.`;
  return {
    title: `The partnership with ${who} is terminated`,
    paragraphs: [
      `Campaigns are stopped and orders are blocked. The model, its contractors and the platform are told.${owed}`,
      `Reason: ${reason}`,
    ],
    buttons: [[modelButton(id)]],
  };
}

/** An answer that was given before: a crash may have come between it and its effect. */
async function howItStands(request: Request, id: string, who: string): Promise<Message> {
  const standing = await request.deps.standings.standing(id, request.now);
  if (standing.terminated) return terminatedAlready(request, id, who);
  return {
    title: 'That button was used already',
    paragraphs: [
      `The partnership with ${who} goes on: ${standingCell(standing)}. To be asked again, send: /terminate ${id} REASON`,
    ],
    buttons: [[modelButton(id)]],
  };
}

async function terminatedAlready({ deps, reader }: Request, id: string, who: string): Promise<Message> {
  const ended = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'terminate');
  const when =
    ended === undefined
      ? ''
      : ` It was ended on ${formatInstant(ended.at, reader.timeZone)} by ${ended.actor}: ${shorten(ended.reason, 500)}.`;
  return {
    title: `The partnership with ${who} is terminated already`,
    paragraphs: [`Nothing was changed now.${when}`],
    buttons: [[modelButton(id)]],
  };
}

const keepCommand: Command = {
  name: 'keep',
  arguments: 'MODEL REASON',
  roles: ['manager'],
  description: 'Close a termination review: the partnership goes on',
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, actor, now } = request;
    const [named, ...rest] = request.words;
    const reason = rest.join(' ').trim().slice(0, REASON_LENGTH);
    if (!named || reason === '') return usage(this, '/keep MODEL paid everything, was ill');
    const [, id = named, review] = OF_REVIEW.exec(named) ?? [];
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound('model', id);
    const who = modelName(account, id);
    const by = { actor, reason };
    const outcome = await deps.standings.keep(id, by, now, review === undefined ? undefined : Number(review));
    if (outcome.kind === 'refused' && outcome.state === 'terminated') return terminatedAlready(request, id, who);
    const buttons = [[modelButton(id), { label: 'Review', command: '/review' }]];
    if (outcome.kind === 'decided') {
      return {
        title: `The partnership with ${who} goes on`,
        paragraphs: [
          `The review is closed. Only invoices that go overdue from now on can open another. How it stands: ${standingCell(outcome.standing)}.`,
        ],
        buttons,
      };
    }
    const last = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'keep');
    const kept =
      last === undefined
        ? ''
        : ` The last one was closed on ${formatInstant(last.at, request.reader.timeZone)} by ${last.actor}: ${shorten(last.reason, 500)}.`;
    const why = outcome.kind === 'refused' ? `For ${who} ${outcome.reason}` : `The review of ${who} is closed already`;
    return { paragraphs: [`${why}. Nothing was changed.${kept}`], buttons };
  },
};

export const reviewCommands: readonly Command[] = [modelCommand, reviewCommand, terminateCommand, keepCommand];
