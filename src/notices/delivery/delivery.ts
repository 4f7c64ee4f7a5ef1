import { type Channel, chatUser } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { cadenceOf } from '../../accounts/topics.ts';
import { isDatabaseTrouble } from '../../database/trouble.ts';
import type { Report } from '../../kernel/activity.ts';
import { yearAt } from '../../kernel/calendar.ts';
import { type Clock, realMilliseconds } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/ids.ts';
import { createPatience, pause, waitAtMost } from '../../kernel/wait.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { cardKeyOf } from '../messages/cards.ts';
import type { Message } from '../messages/message.ts';
import { noticeMessage } from '../messages/notice.ts';
import { isNews, topicOf, traitsOf } from '../messages/traits.ts';
import type { Notices } from '../notices.ts';
import { chatsFor, concerns, isChat, isReachable, type Recipient, readsIn } from '../recipients.ts';
import type { DeliveryDocument, NoticeStore } from '../store.ts';
import type { Limiter, Slot } from './limiter.ts';
import { createOutbox, type Head } from './outbox.ts';
import { afterOutcome, type Outcome } from './outcome.ts';
import type { AttachmentOf, Sender, SharedPlace, UsableFor } from './sender.ts';
import { createSharing } from './sharing.ts';

/** Whether this process may send now: `active`, another one does (`standby`), or nobody can (`off`). */
export type LeaderState = 'active' | 'standby' | 'off';

export type DeliveryDependencies = {
  channel: Channel;
  store: NoticeStore;
  accounts: Pick<Accounts, 'markUnreachable'>;
  notices: Pick<Notices, 'recipientOf' | 'redirect' | 'legible' | 'noteUnreachable' | 'quietEnd' | 'noteDelivered'>;
  clock: Clock;
  sender: Sender;
  managers?: SharedPlace | undefined;
  limiter: Limiter;
  leaderState: () => LeaderState;
  platform: DisplayContext;
  attachmentOf?: AttachmentOf | undefined;
  usableFor?: UsableFor | undefined;
  warn: (text: string) => void;
  report?: Report | undefined;
};

const POLL_MS = 250;
const BATCH = 120;
const REFILL_BELOW = 40;
/** What is not urgent and was stored so long ago, in real time, is looked at again: it may be night by now. */
const STALE_MS = 15 * 60_000;
/** `drain` does not wait for a try that is further away than this. */
const DRAIN_AHEAD_MS = 5_000;
const STANDBY_DRAIN_MS = 10_000;

/**
 * Sends what is due, to many chats side by side and to each in order, within the channel's limits. A message is marked
 * before it goes out. One of which nobody knows whether it arrived is sent again when it is urgent, else left unconfirmed.
 */
export function createDelivery(deps: DeliveryDependencies) {
  const me = randomToken(9);
  const outbox = createOutbox(deps.store, deps.channel);
  const sharing = createSharing({ ...deps, place: deps.managers, outbox, messageFor });
  const inHand = new Map<string, Promise<void>>();
  let running: Promise<void> | undefined;
  let stopping = false;
  let leaderState: LeaderState = 'off';
  let wakeUp = () => {};

  function start(): void {
    running ??= work();
  }

  /** Takes nothing new and waits for what is in hand, at most so long. */
  async function stop(graceMs = 5_000): Promise<void> {
    stopping = true;
    wake();
    await waitAtMost(Promise.all([running, ...inHand.values()]), graceMs);
  }

  /** There may be something new. */
  function wake(): void {
    wakeUp();
  }

  /** The channel answers again after an outage: what waits for its next try is tried now. */
  async function hasten(): Promise<void> {
    await outbox.hasten();
    wake();
  }

  /** Resolves when everything that is due by the service's clock is sent, put off after a try, or given up. */
  async function drain(): Promise<void> {
    const giveUpAt = performance.now() + STANDBY_DRAIN_MS;
    const patience = createPatience({ mostMs: POLL_MS });
    for (;;) {
      wake();
      const state = deps.leaderState();
      if (stopping || state === 'off' || (state === 'standby' && performance.now() > giveUpAt)) return;
      if (!(await outbox.isBusy(deps.clock.now(), realMilliseconds() + DRAIN_AHEAD_MS))) return;
      // What this process has in hand says when it is done; what is not, must be asked for.
      if (inHand.size > 0) {
        patience.reset();
        await waitAtMost(Promise.race(inHand.values()), POLL_MS);
      } else await pause(patience.nextMs());
    }
  }

  async function work(): Promise<void> {
    while (!stopping) {
      const woken = new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
      try {
        await takeOver();
        if (leaderState === 'active' && inHand.size < REFILL_BELOW) await refill();
      } catch (error) {
        deps.warn(`${deps.channel}: notices are not being sent for now: ${messageOf(error)}`);
        await pause(POLL_MS);
      }
      await waitAtMost(woken, POLL_MS);
    }
  }

  /** A process that takes over finds what the one before left half done. */
  async function takeOver(): Promise<void> {
    const before = leaderState;
    leaderState = deps.leaderState();
    if (leaderState === 'active' && before !== 'active') {
      const count = await outbox.leaveUnconfirmed(me);
      if (count > 0) deps.warn(`${deps.channel}: ${count} notices were cut off while being sent and stay unconfirmed`);
    }
  }

  async function refill(): Promise<void> {
    const heads = await outbox.heads({
      now: deps.clock.now(),
      realNow: realMilliseconds(),
      limit: BATCH - inHand.size,
      exceptChats: [...inHand.keys()],
    });
    for (const head of heads) {
      inHand.set(
        head.chatId,
        deliver(head)
          .catch((error) => deps.warn(`${deps.channel}: a notice could not be worked on: ${messageOf(error)}`))
          .then(() => {
            inHand.delete(head.chatId);
            if (inHand.size < REFILL_BELOW) wake();
          }),
      );
    }
  }

  async function deliver(head: Head): Promise<void> {
    const slot = await deps.limiter.acquire(head.chatId, 'notice');
    if (slot === null) return;
    const claimed = await claim(head, slot);
    if (claimed === null) return;
    const outcome = await attempt(claimed, slot);
    await persist(() => settle(claimed, outcome));
  }

  /** Whatever the way there, the person is read last: link, role and settings may be others by now (rules 3). */
  async function attempt(delivery: DeliveryDocument, slot: Slot): Promise<Outcome> {
    try {
      const person = await deps.notices.recipientOf(delivery);
      const hindrance = await hindranceOf(delivery, person);
      if (hindrance !== null || person === null) {
        slot.cancel();
        return hindrance ?? NOBODY;
      }
      const locale = readsIn(person, delivery.channel, delivery.userId);
      const { timeZone } = person;
      const display = { ...deps.platform, timeZone, locale, thisYear: yearAt(deps.clock.now(), timeZone) };
      const drawn = await messageFor(delivery, display);
      const message = (await deps.usableFor?.(drawn, person)) ?? drawn;
      slot.begin();
      const silent = !delivery.urgent && deps.notices.quietEnd(person, deps.clock.now()) !== null;
      const told = await sharing.tell(delivery);
      const outcome = told ?? (await hand(delivery, message, silent));
      slot.done(outcome.kind === 'throttled' ? outcome.retryAfterMs : 0);
      return outcome;
    } catch (error) {
      slot.cancel();
      return { kind: isDatabaseTrouble(error) ? 'trouble' : 'failed', reason: messageOf(error) };
    }
  }

  /** What cannot be drawn is told without its picture, unless that has arrived already. */
  async function messageFor(delivery: DeliveryDocument, display: DisplayContext): Promise<Message> {
    const { content } = await deps.notices.legible(delivery);
    const message = noticeMessage(content, display);
    try {
      const attachment = await deps.attachmentOf?.(content, display);
      return attachment === undefined ? message : { ...message, attachment };
    } catch (error) {
      if (delivery.parts !== undefined) throw error;
      deps.warn(`${deps.channel}: notice ${keyOf(delivery)} goes without its file: ${messageOf(error)}`);
      return message;
    }
  }

  /** Why this delivery is not to be sent to this chat now, or null. */
  async function hindranceOf(delivery: DeliveryDocument, person: Recipient | null): Promise<Outcome | null> {
    const { channel, userId, content, urgent, replaces, failures, throttles, storedAt } = delivery;
    const now = deps.clock.now();
    if (person === null) return NOBODY;
    if (!concerns(content, person)) return { kind: 'moot', reason: 'concerns another role' };
    if (!chatsFor(addressOf(delivery), person).some((link) => isChat(link, channel, userId))) {
      if (replaces === undefined) await deps.notices.redirect(delivery, person, now);
      return { kind: 'moot', reason: 'no longer a chat for this person’s messages' };
    }
    const topic = topicOf(content);
    if (topic !== undefined && cadenceOf(person.settings, topic) === 'never')
      return { kind: 'moot', reason: 'unwanted' };
    const isStale =
      failures + throttles > 0 || (storedAt !== undefined && realMilliseconds() - storedAt.getTime() > STALE_MS);
    const until = urgent || !isStale || isNews(content) ? null : deps.notices.quietEnd(person, now);
    return until === null ? null : { kind: 'put-off', until };
  }

  /** A card that was never shown needs no change: what it would say is said by other messages. */
  async function hand(delivery: DeliveryDocument, message: Message, silent: boolean): Promise<Outcome> {
    const { _id: key, chatId, channel, userId, replaces, failures, parts, messageId: last } = delivery;
    const user = chatUser(channel, userId);
    if (replaces !== undefined) {
      const messageId = await outbox.messageOf(replaces, user);
      return messageId === null ? { kind: 'moot' } : deps.sender.edit(chatId, messageId, message);
    }
    const card = cardKeyOf(delivery.content);
    const replyTo = card === null || card === keyOf(delivery) ? null : await outbox.messageOf(card, user);
    return deps.sender.send(chatId, message, {
      ...{ key, failures, parts, silent, messageId: last },
      ...(replyTo === null || replyTo === '' ? {} : { replyTo }),
    });
  }

  /** Marks the delivery as being sent, durably; null when it is not ours to send any more. */
  async function claim(head: Head, slot: Slot): Promise<DeliveryDocument | null> {
    try {
      const claimed =
        stopping || deps.leaderState() !== 'active' ? null : await outbox.claim(head.id, me, deps.clock.now());
      if (claimed === null) slot.cancel();
      return claimed;
    } catch (error) {
      slot.cancel();
      throw error;
    }
  }

  async function settle(delivery: DeliveryDocument, outcome: Outcome): Promise<void> {
    const { accountId, channel, userId } = delivery;
    if (outcome.kind === 'unreachable') {
      await deps.accounts.markUnreachable(channel, userId, outcome.reason, deps.clock.now());
      deps.warn(`${channel}: ${accountId} cannot be reached: ${outcome.reason}`);
      await elsewhere(delivery, outcome.reason);
    }
    const change = afterOutcome(delivery, outcome, realMilliseconds());
    const isWarning = change.state === 'sent' && traitsOf(delivery.content).warns === true;
    await outbox.settle(delivery._id, me, {
      ...change,
      ...(change.state === 'sent' ? { sentAt: deps.clock.now() } : {}),
      ...(isWarning ? { pendingEffects: true as const } : {}),
    });
    if (isWarning) await deps.notices.noteDelivered(delivery);
    // What it comes to is told with its last part.
    if (outcome.kind === 'partly') return;
    const waitedMs = Math.max(0, deps.clock.now().getTime() - delivery.notBefore.getTime());
    const result = change.state === 'failed' ? 'given-up' : outcome.kind;
    deps.report?.({ kind: 'notice', channel, outcome: result, waitedMs });
    if (change.state === 'failed') deps.warn(`${channel}: notice ${keyOf(delivery)} is given up: ${change.error}`);
  }

  /** What a chat does not take goes to another of the person's; where there is none, those who have to know are told. */
  async function elsewhere(delivery: DeliveryDocument, reason: string): Promise<void> {
    const now = deps.clock.now();
    const person = await deps.notices.recipientOf(delivery);
    if (person !== null && isReachable(person)) {
      if (delivery.replaces === undefined) await deps.notices.redirect(delivery, person, now);
      return;
    }
    await outbox.dropChat(delivery.chatId, reason);
    await deps.notices.noteUnreachable(delivery.accountId, now);
  }

  /** The channel has spoken; that must not be lost to a database that is away for a moment. */
  async function persist(write: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await write();
      } catch (error) {
        if (attempt === 30 || stopping) throw error;
        await pause(Math.min(5_000, 100 * 2 ** attempt));
      }
    }
  }

  return { start, stop, wake, hasten, drain, counts: outbox.counts };
}

/** Which notice it is of; whose chat that is, no log has to know. */
function keyOf({ _id, channel, userId }: DeliveryDocument): string {
  return _id.slice(0, -`>${channel}:${userId}`.length);
}

/** The account has no chat any more. */
const NOBODY: Outcome = { kind: 'moot', reason: 'nobody is linked' };

/** What decides to which chats it goes; the one that its actor acted from was never among them. */
function addressOf({ replaces, toAllChats }: DeliveryDocument) {
  return {
    ...(replaces === undefined ? {} : { replaces }),
    ...(toAllChats === undefined ? {} : { toAllChats }),
  };
}
