import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Message } from '../../notices/messages/message.ts';
import { monthHeadings } from '../../notices/messages/tables.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { disputeCommand } from './dispute.ts';
import { payeeFacts } from './payeeFacts.ts';
import { payoutButtons, payoutRow, payoutState, payoutTitle, signOf } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

const PAGE = 5;

const payoutsCommand: Command = {
  name: 'payouts',
  arguments: '[AFTER]',
  roles: ['affiliate', 'marketer', 'model'],
  description: 'commands.payouts.description',
  async run(request): Promise<Message> {
    const { deps, account, display, speech, words } = request;
    const { say } = speech;
    const [after] = words;
    const page = await deps.affiliates.payouts.list({
      accountId: account.accountId,
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    if (page.items.length === 0) return noPayouts(request, after);
    const older = { label: say('payoutCommands.buttons.olderPayouts'), command: `/payouts ${page.next}` };
    return {
      title: say(after ? 'payoutCommands.payouts.olderTitle' : 'payoutCommands.payouts.title'),
      paragraphs: after ? [] : [await outlookSentence(request)],
      table: {
        header: [
          say('payoutCommands.columns.payday'),
          say('payoutCommands.columns.amount'),
          say('payoutCommands.columns.state'),
        ],
        rows: page.items.map((payout) => payoutRow(payout, speech)),
        numbers: [1],
        ...monthHeadings(
          page.items.map(({ cycle }) => cycle),
          display,
        ),
      },
      ...(after ? {} : { facts: await payeeFacts(request) }),
      buttons: [...page.items.map((payout) => payoutButtons(payout, speech)), ...(page.next === null ? [] : [[older]])],
    };
  },
};

async function noPayouts(request: Request, after: string | undefined): Promise<Message> {
  const { say } = request.speech;
  return after
    ? { paragraphs: [say('payoutCommands.payouts.noOlder')], buttons: [[commandButton(say, 'payouts')]] }
    : {
        paragraphs: [say('payoutCommands.payouts.none'), await outlookSentence(request)],
        facts: await payeeFacts(request),
        buttons: [],
      };
}

/** What the next payday takes, in a few sentences (rules 6.1, 6.5): of each balance that a payout pays. */
async function outlookSentence({ deps, account, speech, now }: Request): Promise<string> {
  const { accountId, role } = account;
  const { say, money, date } = speech;
  const [commissions = 0, earnings = 0] = await Promise.all(
    (['affiliate', 'marketer'] as const).map((kind) => deps.ledger.balance(`${kind}:${accountId}`)),
  );
  const payday = date(deps.affiliates.payoutCalendar.cycleFrom(now));
  const [firm, earned] = [
    { balance: money(commissions), payday },
    { balance: money(earnings), payday },
  ];
  return [
    ...(role === 'affiliate' ? [say('payoutCommands.payouts.affiliate', firm)] : []),
    ...(role !== 'affiliate' && commissions !== 0 ? [say('payoutCommands.payouts.commissions', firm)] : []),
    ...(role === 'marketer' || earnings !== 0
      ? [
          deps.policy.payouts.marketers
            ? say('payoutCommands.payouts.earnings', earned)
            : say('payoutCommands.payouts.platformPays', earned),
        ]
      : []),
    ...(role === 'model' && commissions === 0 && earnings === 0 ? [say('payoutCommands.payouts.nothing')] : []),
  ].join(' ');
}

const statementCommand: Command = {
  name: 'statement',
  arguments: 'ID',
  thing: 'payout',
  roles: ['affiliate', 'marketer', 'model', 'manager'],
  scope: 'read',
  description: 'commands.statement.description',
  suggest: (request, typed) => payoutsMeant(request, typed, false),
  async run(request): Promise<Message> {
    const { deps, speech, words } = request;
    const { say, money } = speech;
    const [id = ''] = words;
    const payout = await payoutOf(request, id);
    const statement = payout === null ? null : await deps.documents.statement(payout.payoutId, request.display);
    if (statement === null) return notFound(speech, 'payout', id);
    const { payoutId, amount } = statement.payout;
    const state = payoutState(statement.payout, speech);
    const { accountId } = statement.payout;
    const whose = isOwner(request) ? undefined : ((await deps.accounts.get(accountId))?.name ?? accountId);
    return {
      state: signOf(statement.payout),
      title: say('payoutCommands.statement.title', payoutTitle(statement.payout, request.display, whose)),
      paragraphs: [say('payoutCommands.statement.what', { amount: money(amount), state })],
      ...(whose === undefined ? {} : { facts: [[say('answers.id'), copyable(payoutId)]] }),
      attachment: statement.file,
      buttons: [[whyButton(payoutId, speech), ...(isOwner(request) ? [commandButton(say, 'payouts')] : [])]],
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

export const payoutCommands: readonly Command[] = [payoutsCommand, statementCommand, disputeCommand];
