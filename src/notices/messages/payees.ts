import { accountOfActor } from '../../accounts/account.ts';
import type { PayeeMethod } from '../../events/incoming/payees.ts';
import { type DisplayContext, type Speech, speechOf } from '../../texts/speech.ts';
import { copyable, nameAndCopyableId } from './marks.ts';
import { type Message, quoted } from './message.ts';

/** A payee as it may be shown: `sepa`, `DE89 … 3000`. */
export type ShownPayee = { method: PayeeMethod; masked: string };

/** What people are told about where their payouts go, as data. */
export type PayeeContent = {
  kind: 'payee.changed';
  data: {
    before: ShownPayee | null;
    /** Null where it was removed. */
    after: ShownPayee | null;
    /** `platform`, the name of an API key, or somebody's account. */
    by: string;
    changedAt: Date;
    /** Until then payouts are held because of it; null where they are not. */
    heldUntil: Date | null;
  };
};

/** What managers are told when somebody says that such a change was not theirs. */
export type PayeeDenied = {
  kind: 'manager.payee_denied';
  data: { accountId: string; name: string; payee: ShownPayee | null; by: string; changedAt: Date };
};

/** To whoever is paid, at once: somebody else may have changed it. */
export function payeeMessage({ data }: PayeeContent, display: DisplayContext): Message {
  const speech = speechOf(display);
  const { say, instant } = speech;
  const { before, after, heldUntil } = data;
  return {
    state: before === null ? 'info' : 'overdue',
    title: titleOf(data, speech),
    paragraphs: [
      after === null
        ? say('payees.changed.removed')
        : heldUntil === null
          ? say('payees.changed.what')
          : say('payees.changed.held', { until: instant(heldUntil) }),
      say('payees.changed.next'),
    ],
    facts: [
      ...(before === null || after === null ? [] : [fact(say('payees.facts.before'), payeeWords(before, speech))]),
      fact(say('payees.facts.changed'), instant(data.changedAt)),
      fact(say('payees.facts.by'), byWords(data.by, speech)),
    ],
    buttons: [[{ label: say('payees.buttons.dispute'), command: '/dispute', weight: 'danger' }]],
  };
}

function titleOf({ before, after }: PayeeContent['data'], speech: Speech): string {
  const { say } = speech;
  if (after === null) return say('payees.changed.titleRemoved', { payee: payeeOrNone(before, speech) });
  const payee = payeeWords(after, speech);
  return say(before === null ? 'payees.changed.titleFirst' : 'payees.changed.title', { payee });
}

export function payeeDeniedMessage({ data }: PayeeDenied, display: DisplayContext): Message {
  const speech = speechOf(display);
  const { say, instant } = speech;
  return {
    state: 'overdue',
    title: say('payees.denied.title', { who: nameAndCopyableId(data.name, data.accountId) }),
    paragraphs: [say('payees.denied.what'), say('payees.denied.next', { id: copyable(data.accountId) })],
    facts: [
      fact(say('payees.facts.now'), payeeOrNone(data.payee, speech)),
      fact(say('payees.facts.changed'), instant(data.changedAt)),
      fact(say('payees.facts.by'), byWords(data.by, speech)),
    ],
    buttons: [],
  };
}

/** `SEPA DE89 … 3000`. */
export function payeeWords({ method, masked }: ShownPayee, { say }: Speech): string {
  return say('payees.named', { method: METHODS[method], masked });
}

const METHODS = { sepa: 'sepa', wise: 'wise', paypal: 'paypal', 'usdt-trc20': 'usdt', other: 'other' } as const;

function payeeOrNone(payee: ShownPayee | null, speech: Speech): string {
  return payee === null ? speech.say('payees.noneNow') : payeeWords(payee, speech);
}

function byWords(by: string, { say }: Speech): string {
  return by === 'platform' ? say('payees.byPlatform') : quoted(accountOfActor(by), 100);
}

function fact(label: string, value: string): [string, string] {
  return [label, value];
}
