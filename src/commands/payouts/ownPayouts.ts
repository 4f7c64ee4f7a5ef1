import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { formatDate } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Message } from '../../notices/messages/message.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { PAYOUTS, payoutButtons, payoutRow, payoutState } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

const PAGE = 5;

const payoutsCommand: Command = {
  name: 'payouts',
  arguments: '[AFTER]',
  roles: ['affiliate', 'marketer', 'model'],
  description: 'Your payouts, newest first, with their statements',
  async run(request): Promise<Message> {
    const { deps, account, display, words } = request;
    const [after] = words;
    const page = await deps.affiliates.payouts.list({
      accountId: account.accountId,
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    if (page.items.length === 0) return noPayouts(request, after);
    const older = page.next === null ? [] : [[{ label: 'Payouts: older', command: `/payouts ${page.next}` }]];
    return {
      title: after ? 'Your older payouts' : 'Your payouts',
      paragraphs: after ? [] : [await outlookSentence(request)],
      table: { header: ['Payout', 'Amount', 'State'], rows: page.items.map((payout) => payoutRow(payout, display)) },
      buttons: [...page.items.map(payoutButtons), ...older],
    };
  },
};

async function noPayouts(request: Request, after: string | undefined): Promise<Message> {
  if (after) return { paragraphs: ['There are no older payouts.'], buttons: [[PAYOUTS]] };
  return { paragraphs: ['You have no payouts yet.', await outlookSentence(request)], buttons: [] };
}

/** What the next payday takes, in a few sentences (rules 6.1, 6.5): of each balance that a payout pays. */
async function outlookSentence({ deps, account, display, now }: Request): Promise<string> {
  const { accountId, role } = account;
  const [commissions, earnings] = await Promise.all(
    (['affiliate', 'marketer'] as const).map((kind) => deps.ledger.balance(`${kind}:${accountId}`)),
  );
  const money = (amount = 0) => formatMoney(amount, display.currency);
  const payday = formatDate(deps.affiliates.payoutCalendar.cycleFrom(now));
  const earned = deps.policy.payouts.marketers
    ? `The payday ${payday} pays what that is at its 00:00.`
    : 'The platform pays it out by itself.';
  return [
    ...(role === 'affiliate' || commissions !== 0
      ? [
          `Your balance of commissions is ${money(commissions)}. The next payday is ${payday}${role === 'affiliate' ? '; /nextpayday says what it takes' : ''}.`,
        ]
      : []),
    ...(role === 'marketer' || earnings !== 0
      ? [`Your balance from orders and campaigns is ${money(earnings)}. ${earned}`]
      : []),
    ...(role === 'model' && commissions === 0 && earnings === 0
      ? ['What you earn with orders, campaigns or commissions is paid out on the 1st and 16th; nothing is due now.']
      : []),
  ].join(' ');
}

const statementCommand: Command = {
  name: 'statement',
  arguments: 'ID',
  thing: 'payout',
  roles: ['affiliate', 'marketer', 'model', 'manager'],
  description: 'The statement of a payout, as a file to print',
  suggest: (request, typed) => payoutsMeant(request, typed, false),
  async run(request): Promise<Message> {
    const { deps, display, words } = request;
    const [id = ''] = words;
    const payout = await payoutOf(request, id);
    const statement = payout === null ? null : await deps.documents.statement(payout.payoutId, display);
    if (statement === null) return notFound('payout', id);
    return {
      title: `Statement of payout ${statement.payout.payoutId}`,
      paragraphs: [
        `${formatMoney(statement.payout.amount, display.currency)}: ${payoutState(statement.payout, display)}. The file has each line, and the rule of its cutoff.`,
      ],
      attachment: statement.file,
      buttons: [
        [{ label: 'Why?', command: `/why ${statement.payout.payoutId}` }, ...(isOwner(request) ? [PAYOUTS] : [])],
      ],
    };
  },
};

/** A payout by its id, or of one's own by its payday; null both for somebody else's and for what does not exist. */
export async function payoutOf(request: Request, id: string): Promise<PayoutView | null> {
  const { deps, account } = request;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(id);
  const payout = await deps.affiliates.payouts.get(isDay ? `${id}:${account.accountId}` : id);
  if (payout === null || !isOwner(request)) return payout;
  return payout.accountId === account.accountId ? payout : null;
}

function isOwner({ account }: Request): boolean {
  return account.role !== 'manager';
}

export const payoutCommands: readonly Command[] = [payoutsCommand, statementCommand];
