import type { Channel } from '../src/accounts/account.ts';
import type { Accounts } from '../src/accounts/accounts.ts';
import type { Report } from '../src/kernel/activity.ts';
import { createTokenBuckets } from '../src/kernel/tokenBuckets.ts';
import type { Message } from '../src/notices/messages/message.ts';
import type { Speech } from '../src/texts/speech.ts';

/**
 * What a chat user sent: words or a press, a code to link with, letters of an argument that is still being typed, or the
 * channel's own report that they block or allow the bot.
 */
export type Sent = { userId: string; what: 'said' | 'code' | 'typing' | 'report' };

/**
 * `newcomer`: a stranger with the first code in a while, who goes before those that try one after the other. `slow-down`: it is
 * one too many, and its sender is told so, once.
 */
export type Admission = 'linked' | 'newcomer' | 'stranger' | 'slow-down' | 'dropped';

export type Gate = ReturnType<typeof createGate>;

/** Nobody presses a button a second for longer; and nobody types faster. */
const LINKED = { burst: 30, refillMs: 1_000 };
const TYPING = { burst: 60, refillMs: 200 };
/** As many codes as a user may try (linkCode.ts), and some more to be told that these are too many. */
const CODES = { burst: 12, refillMs: 90_000 };
/** Somebody who is not linked hears how to link, and then no more of it for an hour. */
const STRANGERS = { burst: 1, refillMs: 3_600_000 };

/**
 * Decides at the door what of all that people send to a bot is worked on, before it is stored: people who are linked come
 * first and may send as much as a person can; a stranger is answered once an hour, and may try codes. What is dropped is
 * counted. All it remembers is in memory, and bounded.
 */
export function createGate(deps: {
  channel: Channel;
  accounts: Pick<Accounts, 'linkedAmong'>;
  report?: Report | undefined;
  milliseconds?: () => number;
}) {
  const { channel, report, milliseconds = () => performance.now() } = deps;
  const buckets = {
    said: createTokenBuckets(LINKED, milliseconds),
    typing: createTokenBuckets(TYPING, milliseconds),
    code: createTokenBuckets(CODES, milliseconds),
    stranger: createTokenBuckets(STRANGERS, milliseconds),
  };

  /** One look at the database for all that came together; in the order given. */
  async function admit(list: Sent[]): Promise<Admission[]> {
    if (list.length === 0) return [];
    const linked = await deps.accounts.linkedAmong(channel, [...new Set(list.map(({ userId }) => userId))]);
    return list.map((sent) => (linked.has(sent.userId) ? admitLinked(sent) : admitStranger(sent)));
  }

  function admitLinked({ userId, what }: Sent): Admission {
    if (what === 'report') return 'linked';
    const taken = what === 'typing' ? buckets.typing.take(userId) : buckets.said.take(userId);
    if (taken === 'taken') return 'linked';
    noteDropped('flood');
    return taken === 'one-too-many' && what !== 'typing' ? 'slow-down' : 'dropped';
  }

  function admitStranger({ userId, what }: Sent): Admission {
    const bucket = what === 'said' ? buckets.stranger : what === 'report' ? undefined : buckets[what];
    const isFirstCode = what === 'code' && buckets.code.isFull(userId);
    if (bucket?.take(userId) === 'taken') return isFirstCode ? 'newcomer' : 'stranger';
    noteDropped('stranger');
    return 'dropped';
  }

  /** What was admitted could not be stored, or a stranger could not be answered: they may come again. */
  function takeBack(userIds: string[]): void {
    for (const userId of userIds) buckets.stranger.giveBack(userId);
  }

  function noteDropped(reason: 'flood' | 'stranger' | 'crowded'): void {
    report?.({ kind: 'chat-dropped', channel, reason });
  }

  return { admit, takeBack, noteDropped };
}

/** To somebody who sends more than a person can. */
export function slowDown({ say }: Speech): Message {
  return { title: say('bots.slowDown.title'), paragraphs: [say('bots.slowDown.what')], buttons: [] };
}

/** Whether words are a code to link with; in Telegram a link on the platform sends them. */
export function isLinkCode(text: string): boolean {
  return /^\s*\/(start|link)(@\w+)?\s+\S/i.test(text);
}
