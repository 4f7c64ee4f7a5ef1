import type { Approval } from '../../approvals/approvals.ts';
import type { Why } from '../../approvals/request.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';

/** What waits: one payout, or as many as a batch has. */
type Wanted = { amount: MinorUnits; payee: string } | { total: MinorUnits; count: number };

/** To the first of two people: nothing has happened yet. */
export function waitsForApproval(
  { request, isNew, startedOver }: Extract<Approval, { kind: 'waiting' }>,
  wanted: Wanted,
  { say, money, instant }: Speech,
  buttons: Button[][],
): Message {
  const until = instant(request.expiresAt);
  return {
    title: say(isNew ? 'payoutCommands.approval.title' : 'payoutCommands.approval.stillTitle'),
    paragraphs: [
      ...(startedOver === null ? [] : [say(STARTED_OVER[startedOver])]),
      ...(isNew ? [] : [say('payoutCommands.approval.askedAlready')]),
      'payee' in wanted
        ? say('payoutCommands.approval.payout', { payee: wanted.payee, amount: money(wanted.amount), until })
        : say('payoutCommands.approval.cycle', { count: wanted.count, total: money(wanted.total), until }),
    ],
    buttons,
  };
}

const STARTED_OVER = {
  changed: 'payoutCommands.approval.changed',
  expired: 'payoutCommands.approval.expired',
  'asker-left': 'payoutCommands.approval.askerLeft',
} as const satisfies Record<Why, string>;
