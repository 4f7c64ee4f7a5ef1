/**
 * What a channel allows: so many messages a second in all, and one per chat in so many milliseconds. A library with
 * fixed windows would let two bursts meet at a window's edge; the channel counts any second.
 */
export type ChannelLimits = { perSecond: number; perChatMs: number };

/** The leave to send one message. Exactly one of `done` and `cancel` is called, once. */
export type Slot = {
  /** The call begins now, and not before: until then the place is kept, however long what comes before it takes. */
  begin(): void;
  /** The call ended, well or not. `retryAfterMs`: the channel wants silence for so long. */
  done(retryAfterMs?: number): void;
  /** Nothing was sent. */
  cancel(): void;
};

/** Answers to a person go before notices to many; what strangers are answered has a tenth of the second, and no more. */
export type Priority = (typeof PRIORITIES)[number];
const PRIORITIES = ['answer', 'stranger', 'notice'] as const;

export type Limiter = ReturnType<typeof createLimiter>;

type Waiter = { chatId: string; grant(slot: Slot | null): void };
type Chat = { busy: boolean; until: number; silentUntil: number };

/** Beyond the second, for clocks that tick in milliseconds and timers that fire early. */
const MARGIN_MS = 5;
/** A call that has not ended after this long has surely arrived; it stops holding a place of the second. */
const ARRIVAL_MS = 2_000;
/** Between two notices: a burst of thirty calls at once would make each of them, and so the next second, longer. */
const NOTICE_GAP_MS = 15;
const SECOND_MS = 1_000;
const STRANGERS_SHARE = 10;
/** So many strangers wait for an answer; whoever comes then is turned away. */
const STRANGERS_WAITING = 100;

/**
 * Grants permission to send so that the channel never sees more than it allows, however long the way there takes: a
 * place is given back one second after its call *ended*, which is never earlier than it arrived. Real, monotonic time.
 */
export function createLimiter(limits: ChannelLimits, milliseconds: () => number = () => performance.now()) {
  const waiting: Record<Priority, Waiter[]> = { answer: [], stranger: [], notice: [] };
  const strangerGapMs = Math.ceil(SECOND_MS / Math.max(1, Math.floor(limits.perSecond / STRANGERS_SHARE)));
  const chats = new Map<string, Chat>();
  let places: { until: number }[] = [];
  let silentUntil = 0;
  const nextAt: Record<Priority, number> = { answer: 0, stranger: 0, notice: 0 };
  const gapMs: Record<Priority, number> = { answer: 0, stranger: strangerGapMs, notice: NOTICE_GAP_MS };
  let timer: NodeJS.Timeout | undefined;
  const closed = new Set<Priority>();
  /** Chats in which a command is at work, and how many. */
  const held = new Map<string, number>();

  /**
   * Resolves when a message to this chat may be sent, in the order of asking; to null when the limiter is stopped, or too many
   * strangers are waiting.
   */
  function acquire(chatId: string, priority: Priority): Promise<Slot | null> {
    const isCrowded = priority === 'stranger' && waiting.stranger.length >= STRANGERS_WAITING;
    if (closed.has(priority) || isCrowded) return Promise.resolve(null);
    return new Promise((grant) => {
      waiting[priority].push({ chatId, grant });
      pump();
    });
  }

  /**
   * Until the function it answers is called, this chat gets answers alone: what a command sets off is read after its answer.
   */
  function hold(chatId: string): () => void {
    held.set(chatId, (held.get(chatId) ?? 0) + 1);
    return () => {
      const left = (held.get(chatId) ?? 1) - 1;
      if (left > 0) held.set(chatId, left);
      else held.delete(chatId);
      pump();
    };
  }

  /** Whoever waits with these priorities is turned away, and whoever comes. */
  function stop(priorities: readonly Priority[] = PRIORITIES): void {
    for (const priority of priorities) {
      closed.add(priority);
      for (const waiter of waiting[priority].splice(0)) waiter.grant(null);
    }
    if (closed.size === PRIORITIES.length) clearTimeout(timer);
  }

  function pump(): void {
    clearTimeout(timer);
    const now = milliseconds();
    places = places.filter((place) => place.until > now);
    let next = Number.POSITIVE_INFINITY;
    for (const priority of PRIORITIES) {
      const queue = waiting[priority];
      for (let index = 0; index < queue.length; ) {
        const waiter = queue[index];
        if (waiter === undefined) break;
        const heldUntil = priority === 'notice' && held.has(waiter.chatId) ? Number.POSITIVE_INFINITY : 0;
        const at = Math.max(freeAt(now), chatFreeAt(waiter.chatId), nextAt[priority], heldUntil);
        if (at > now) {
          next = Math.min(next, at);
          index += 1;
        } else {
          queue.splice(index, 1);
          nextAt[priority] = now + gapMs[priority];
          waiter.grant(take(waiter.chatId));
        }
      }
    }
    forgetChats(now);
    if (Number.isFinite(next)) timer = setTimeout(pump, Math.max(1, Math.ceil(next - now)));
  }

  /** When there is a place in the second. */
  function freeAt(now: number): number {
    if (places.length < limits.perSecond) return Math.max(now, silentUntil);
    return Math.max(silentUntil, Math.min(...places.map((place) => place.until)));
  }

  function chatFreeAt(chatId: string): number {
    const chat = chats.get(chatId);
    if (chat === undefined) return 0;
    return chat.busy ? Number.POSITIVE_INFINITY : chat.until;
  }

  function take(chatId: string): Slot {
    const place = { until: Number.POSITIVE_INFINITY };
    places.push(place);
    const chat = chats.get(chatId) ?? { busy: true, until: 0, silentUntil: 0 };
    chat.busy = true;
    chats.set(chatId, chat);
    return {
      begin() {
        place.until = milliseconds() + ARRIVAL_MS + SECOND_MS;
        pump();
      },
      done(retryAfterMs = 0) {
        const ended = milliseconds();
        place.until = Math.min(place.until, ended + SECOND_MS + MARGIN_MS);
        if (retryAfterMs > 0) silence(chatId, chat, ended + retryAfterMs + MARGIN_MS);
        free(chat, Math.max(ended + limits.perChatMs + MARGIN_MS, chat.silentUntil));
      },
      cancel() {
        place.until = 0;
        free(chat, chat.until);
      },
    };
  }

  function free(chat: Chat, until: number): void {
    chat.busy = false;
    chat.until = until;
    pump();
  }

  /** The channel does not say whether it means the chat or the bot: when it silences a second chat, it means the bot. */
  function silence(chatId: string, chat: Chat, until: number): void {
    const now = milliseconds();
    const others = [...chats].some(([id, other]) => id !== chatId && other.silentUntil > now);
    if (others) silentUntil = Math.max(silentUntil, until);
    chat.silentUntil = until;
  }

  function forgetChats(now: number): void {
    if (chats.size < 20_000) return;
    for (const [chatId, chat] of chats) if (!chat.busy && chat.until <= now) chats.delete(chatId);
  }

  return { acquire, hold, stop };
}
