import { accountOfActor } from '../../accounts/account.ts';
import { formatDate, formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { type Button, countOf, type Message, quoted, shorten } from './message.ts';
import type { Notice, NoticeContent } from './noticeContent.ts';

type Asked = Extract<NoticeContent, { kind: 'manager.approval_asked' }>['data'];

/** All managers but who asked are told that a second person is needed; moot when the request has expired. */
export function approvalNotices(
  managerIds: string[],
  request: Omit<Asked, 'note'> & { token: string; note?: string },
  now: Date,
): Notice[] {
  const { token, action, subject, count, amount, askedBy, note = null, expiresAt } = request;
  return managerIds
    .filter((managerId) => managerId !== accountOfActor(askedBy))
    .map((accountId) => ({
      key: `approval:${token}:asked:${accountId}`,
      ...{ accountId, urgent: true, at: now, expiresAt },
      kind: 'manager.approval_asked' as const,
      data: { action, subject, count, amount, askedBy, note, expiresAt },
    }));
}

export function approvalMessage(asked: Asked, display: DisplayContext): Message {
  const { count, amount, askedBy, note, expiresAt } = asked;
  const what = whatIsAsked(asked, display);
  return {
    title: `A second person is needed: ${what}`,
    paragraphs: [
      `${shorten(askedBy, 120)} asks for it: ${countOf(count, 'payee')}, ${formatMoney(amount, display.currency)} in all${note === null ? '' : `, ${quoted(note, 200)}`}.`,
      `Nothing is done until another person wants the very same, by ${formatInstant(expiresAt, display.timeZone)}. Check it first. If anything changes meanwhile, it has to be asked for anew.`,
    ],
    buttons: [buttonsOf(asked)],
  };
}

/** What somebody wants done, in a few words. */
function whatIsAsked(
  { action, subject, amount }: Pick<Asked, 'action' | 'subject'> & { amount: MinorUnits },
  { currency }: DisplayContext,
): string {
  const id = subject.slice(subject.indexOf(':') + 1);
  const verb = action === 'payout.fail' ? 'say that it has failed:' : 'settle';
  const thing = subject.startsWith('cycle:') ? `the payday ${formatDate(id)}` : `payout ${shorten(id, 80)}`;
  return `${verb} ${thing}, ${formatMoney(amount, currency)}`;
}

/** That a payout has failed is said by the API alone. */
function buttonsOf({ action, subject, note }: Asked): Button[] {
  const id = subject.slice(subject.indexOf(':') + 1);
  const look: Button = subject.startsWith('cycle:')
    ? { label: `Cycle ${id}`, command: `/cycle ${id}` }
    : { label: `Why ${shorten(id, 40)}?`, command: `/why ${id}` };
  if (action !== 'payout.settle' || note === null) return [look];
  return [{ label: `Settle ${shorten(id, 40)}`, command: `/settle ${id} ${note}` }, look];
}
