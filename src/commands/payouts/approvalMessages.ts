import type { Approval } from '../../approvals/approvals.ts';
import type { Why } from '../../approvals/request.ts';
import { formatInstant } from '../../kernel/calendar.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import type { DisplayContext } from '../../texts/speech.ts';

/** To the first of two people: nothing has happened yet. `what` is the amount, and to whom. */
export function waitsForApproval(
  { request, isNew, startedOver }: Extract<Approval, { kind: 'waiting' }>,
  what: string,
  { timeZone }: DisplayContext,
  buttons: Button[][],
): Message {
  return {
    title: isNew ? 'This waits for a second person' : 'This still waits for a second person',
    paragraphs: [
      ...(startedOver === null ? [] : [STARTED_OVER[startedOver]]),
      ...(isNew ? [] : ['You have asked for it already, and one person counts once, whichever chat or key they use.']),
      `${what}: another manager, or an API key of another name, has to want the very same by ${formatInstant(request.expiresAt, timeZone)}. The other managers are told. Nothing has happened yet.`,
    ],
    buttons,
  };
}

const STARTED_OVER: Record<Why, string> = {
  changed: 'The payouts or amounts are no longer what was asked for before, so it starts over with you.',
  expired: 'What was asked for before waited too long, so it starts over with you.',
  'asker-left': 'Who had asked for it is no manager any more, so it starts over with you.',
};
