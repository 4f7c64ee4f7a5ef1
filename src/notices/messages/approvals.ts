import { accountOfActor } from '../../accounts/account.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { cycleButton } from './buttons.ts';
import { copyable } from './marks.ts';
import { type Button, type Message, quoted, shorten } from './message.ts';
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
  const { count, note, expiresAt } = asked;
  const { say, money, instant } = speechOf(display);
  const [by, amount] = [shorten(asked.askedBy, 120), money(asked.amount)];
  return {
    state: 'open',
    title: titleOf(asked, display),
    paragraphs: [
      note === null
        ? say('approvals.asked', { by, count, amount })
        : say('approvals.askedWithNote', { by, count, amount, note: quoted(note, 200) }),
      say('approvals.next', { by: instant(expiresAt) }),
    ],
    buttons: [buttonsOf(asked, display)],
  };
}

/** What somebody wants done, in a few words. */
function titleOf(asked: Asked, display: DisplayContext): string {
  const { say, money, date } = speechOf(display);
  const id = idOf(asked);
  const action = asked.action === 'payout.fail' ? 'fail' : 'other';
  const amount = money(asked.amount);
  return isOfCycle(asked)
    ? say('approvals.payday', { action, payday: date(id), amount })
    : say('approvals.payout', { action, payout: copyable(shorten(id, 80)), amount });
}

/** That a payout has failed is said by the API alone. */
function buttonsOf(asked: Asked, display: DisplayContext): Button[] {
  const { say } = speechOf(display);
  const id = idOf(asked);
  const shown = shorten(id, 40);
  const look: Button = isOfCycle(asked)
    ? cycleButton(speechOf(display).say, id)
    : { label: say('approvals.buttons.why', { id: shown }), command: `/why ${id}` };
  if (asked.action !== 'payout.settle' || asked.note === null) return [look];
  return [{ label: say('approvals.buttons.settle', { id: shown }), command: `/settle ${id} ${asked.note}` }, look];
}

function isOfCycle({ subject }: Asked): boolean {
  return subject.startsWith('cycle:');
}

function idOf({ subject }: Asked): string {
  return subject.slice(subject.indexOf(':') + 1);
}
