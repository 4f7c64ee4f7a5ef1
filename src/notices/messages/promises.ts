import type { MinorUnits } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { balanceSentence, detailsButton, invoiceWords, settleButtons } from './invoices.ts';
import { type Button, becauseOf, type Message } from './message.ts';

/** A promise as a notice speaks of it: `rest` is still to be paid by `until`. Money in minor units. */
type Promised = {
  invoiceId: string;
  week: string;
  total: MinorUnits;
  rest: MinorUnits;
  until: Date;
  balance: MinorUnits;
  /** What breaking it costs: points of trust, and for how many weeks nothing can be promised. */
  trustLost: number;
  weeks: number;
};

/** What is in force once a promise holds nothing back any more. */
type InForce = {
  campaigns: 'running' | 'paused' | 'stopped';
  cplOrders: 'allowed' | 'blocked';
  heldUntil: Date | null;
};

/** What notices about promises say (rules 2.11), as data. */
export type PromiseContent =
  /** `first`: of two parts, what was paid at once. */
  | { kind: 'promise.made'; data: Promised & { first: MinorUnits | null } }
  /** A day before its end. */
  | { kind: 'promise.due_soon'; data: Promised }
  | { kind: 'promise.broken'; data: Promised & InForce }
  /** A manager has refused it. */
  | { kind: 'promise.refused'; data: Promised & InForce & { reason: string } };

type DataOfKind<K extends PromiseContent['kind']> = Extract<PromiseContent, { kind: K }>['data'];

export function promiseMessage(content: PromiseContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'promise.made':
      return promiseMade(content.data, display);
    case 'promise.due_soon':
      return dueSoon(content.data, display);
    case 'promise.broken':
      return broken(content.data, display);
    case 'promise.refused':
      return refused(content.data, display);
  }
}

/** That a promise binds, and what that means; also a command's answer. */
export function promiseMade(data: DataOfKind<'promise.made'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const { first } = data;
  return {
    state: 'open',
    title: say('promises.titles.made', promiseWords(data, display)),
    paragraphs: [
      ...(first === null ? [] : [say('promises.firstPaid', { first: money(first), rest: money(data.rest) })]),
      say('promises.untilThen', promiseWords(data, display)),
      ifBroken(data, display),
      restSentence(data, display),
    ],
    buttons: buttonsOf(data, display),
  };
}

function dueSoon(data: DataOfKind<'promise.due_soon'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  return {
    state: 'open',
    title: say('promises.titles.dueSoon', promiseWords(data, display)),
    paragraphs: [
      say('promises.dueSoon', promiseWords(data, display)),
      ifBroken(data, display),
      restSentence(data, display),
    ],
    buttons: buttonsOf(data, display),
  };
}

function broken(data: DataOfKind<'promise.broken'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { trustLost, weeks } = data;
  return {
    state: data.campaigns === 'running' ? 'overdue' : 'stopped',
    title: say('promises.titles.broken', promiseWords(data, display)),
    paragraphs: [
      `${say('promises.notPaid', promiseWords(data, display))} ${inForceSentence(data, display)}`,
      say('promises.cost', { points: trustLost, weeks }),
      restSentence(data, display),
    ],
    buttons: buttonsOf(data, display),
  };
}

function refused(data: DataOfKind<'promise.refused'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  return {
    state: data.campaigns === 'running' ? 'info' : 'stopped',
    title: say('promises.titles.refused', promiseWords(data, display)),
    paragraphs: [
      `${say('promises.refused')}${becauseOf(data.reason, display)}`,
      inForceSentence(data, display),
      restSentence(data, display),
    ],
    buttons: buttonsOf(data, display),
  };
}

function inForceSentence({ campaigns, cplOrders, heldUntil }: InForce, display: DisplayContext): string {
  const { say, instant } = speechOf(display);
  if (heldUntil !== null) return say('sanctions.inForce.held', { until: instant(heldUntil) });
  if (campaigns === 'running') return say('promises.nothingPaused');
  return say(cplOrders === 'blocked' ? 'sanctions.inForce.pausedAndBlocked' : 'sanctions.inForce.paused');
}

function ifBroken({ trustLost, weeks }: Promised, display: DisplayContext): string {
  return speechOf(display).say('promises.ifBroken', { points: trustLost, weeks });
}

function restSentence({ rest: total, balance }: Promised, display: DisplayContext): string {
  return balanceSentence({ total, balance }, display);
}

function promiseWords(data: Promised, display: DisplayContext) {
  const { money, instant } = speechOf(display);
  return { ...invoiceWords(data, display), rest: money(data.rest), until: instant(data.until) };
}

function buttonsOf(data: Promised, display: DisplayContext): Button[][] {
  const held = data.total - data.rest;
  return [
    [...settleButtons({ ...data, held }, display), detailsButton(data, display)],
    [commandButton(speechOf(display).say, 'standing')],
  ];
}
