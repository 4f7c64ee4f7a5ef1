import type { ChannelConnection } from '../channel.ts';
import { type ChannelError, reasonOf } from '../channelErrors.ts';
import { type Api, CODES } from './api.ts';
import type { BotStore } from './store.ts';

export type Places = ReturnType<typeof createPlaces>;

const WARN_EVERY_MS = 3_600_000;
/** So long after a permission was missing threads are tried again. */
const BARRED_MS = 5 * 60_000;
const NO_PERMISSION: ReadonlySet<number> = new Set([CODES.missingAccess, CODES.missingPermissions]);

/**
 * Where the bot writes to each person: a direct message, or a private thread of their own in `threadsIn`. Who cannot have a
 * thread, because a permission is missing or they are not on that server, is written to directly.
 */
export function createPlaces(deps: {
  api: Pick<Api, 'openDirectMessages' | 'startThread' | 'addToThread' | 'channelErrorOf'>;
  store: BotStore;
  threadsIn: string | undefined;
  warn: ChannelConnection['warn'];
}) {
  const { api, store, threadsIn } = deps;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let barredUntil = Number.NEGATIVE_INFINITY;

  async function placeOf(userId: string): Promise<string> {
    if (threadsIn === undefined || performance.now() < barredUntil)
      return known(userId, () => api.openDirectMessages(userId));
    try {
      return await known(threadKey(userId), () => newThread(threadsIn, userId));
    } catch (error) {
      const fault = api.channelErrorOf(error);
      if (fault.kind !== 'refused' && fault.kind !== 'unreachable') throw error;
      warn(reasonOf(fault));
      return known(userId, () => api.openDirectMessages(userId));
    }
  }

  /** After a crash in between there is a thread more, which nobody is told of. */
  async function newThread(channelId: string, userId: string): Promise<string> {
    const threadId = await api.startThread(channelId);
    await api.addToThread(threadId, userId);
    return threadId;
  }

  async function known(key: string, open: () => Promise<string>): Promise<string> {
    const before = await store.channelOf(key);
    if (before !== null) return before;
    const opened = await open();
    await store.keepChannel(key, opened);
    return opened;
  }

  /** Whether the bot lacks a permission in the channel of the threads, which says nothing of the person: threads are not used for a while. */
  function isBarred(fault: ChannelError): boolean {
    if (threadsIn === undefined || performance.now() < barredUntil) return false;
    if (fault.kind !== 'unreachable' || fault.code === undefined || !NO_PERMISSION.has(fault.code)) return false;
    barredUntil = performance.now() + BARRED_MS;
    warn(fault.reason);
    return true;
  }

  /** The place is gone: the next message opens another. */
  async function forget(userId: string): Promise<void> {
    await Promise.all([userId, threadKey(userId)].map((key) => store.forgetChannel(key)));
  }

  function threadKey(userId: string): string {
    return `${threadsIn}:${userId}`;
  }

  function warn(reason: string): void {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    deps.warn(`discord: no thread in channel ${threadsIn}, so people are written to directly: ${reason}`);
  }

  return { placeOf, isBarred, forget };
}

/** Codes that mean that a place takes no messages any more. */
export const GONE: ReadonlySet<number> = new Set([CODES.unknownChannel, CODES.archivedThread, CODES.lockedThread]);
