import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { formatDate } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Message } from '../../notices/messages/message.ts';
import { notFound, usage } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { PAYOUTS, payoutButtons, payoutRow, payoutState } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

const PAGE = 5;

const payoutsCommand: Command = {
  name: 'payouts',
  arguments: '[AFTER]',
  roles: ['affiliate', 'marketer'],
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

/** What the next payday takes, in one sentence (rules 6.1, 6.5). */
async function outlookSentence({ deps, account, display, now }: Request): Promise<string> {
  const balance = await deps.ledger.balance(`${account.role}:${account.accountId}`);
  const payday = formatDate(deps.affiliates.payoutCalendar.cycleFrom(now));
  const has = `Your balance is ${formatMoney(balance, display.currency)}.`;
  if (account.role === 'affiliate') return `${has} The next payday is ${payday}; /nextpayday says what it takes.`;
  if (!deps.policy.payouts.marketers) return `${has} The platform pays it out by itself.`;
  return `${has} The next payday is ${payday}: it pays what your balance is then.`;
}

const statementCommand: Command = {
  name: 'statement',
  arguments: 'ID',
  roles: ['affiliate', 'marketer', 'manager'],
  description: 'The statement of a payout, as a file to print',
  suggest: (request, typed) => payoutsMeant(request, typed, false),
  async run(request): Promise<Message> {
    const { deps, display, words } = request;
    const [id] = words;
    if (!id) return usage(this, '/statement 2026-04-01');
    const payout = await payoutOf(request, id);
    const statement = payout === null ? null : await deps.documents.statement(payout.payoutId);
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
  return payout.accountId === account.accountId && payout.role === account.role ? payout : null;
}

function isOwner({ account }: Request): boolean {
  return account.role !== 'manager';
}

export const payoutCommands: readonly Command[] = [payoutsCommand, statementCommand];
