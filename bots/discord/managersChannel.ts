import { SnowflakeUtil } from 'discord.js';

import { realMilliseconds } from '../../src/kernel/clock.ts';
import type { Outcome } from '../../src/notices/delivery/outcome.ts';
import type { Attempt } from '../../src/notices/delivery/sender.ts';
import type { ChannelTroubles } from '../../src/notices/delivery/troubles.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import type { CallbackStore } from '../callbackStore.ts';
import { outcomeOf, reasonOf } from '../channelErrors.ts';
import type { Api, MessageBody } from './api.ts';
import { marksOf, nonceOf } from './post.ts';
import { render } from './render.ts';

/** So long after it took no message the channel is tried again. */
const TRY_AGAIN_MS = 5 * 60_000;
/** An earlier try of the same message is no older; one of the day before may say the same. */
const TRIES_LAST_MS = 6 * 3_600_000;

/**
 * Writes where all managers read. Answers null when the channel takes nothing, because it is gone or a permission is missing: then
 * each manager is to be told directly, and `/health` says why.
 */
export function createManagersChannel(deps: {
  api: Pick<Api, 'sendMessage' | 'latestMessages' | 'channelErrorOf'>;
  channelId: string;
  storeCallbacks: CallbackStore['storeCallbacks'];
  troubles: ChannelTroubles;
  onUnauthorized: () => void;
  warn: (text: string) => void;
}) {
  const { api, channelId, troubles } = deps;
  let awayUntil = Number.NEGATIVE_INFINITY;

  async function send(message: Message, attempt: Attempt): Promise<Outcome | null> {
    if (performance.now() < awayUntil) return null;
    try {
      const { body, files, callbacks } = render(message);
      await deps.storeCallbacks(callbacks);
      const there = attempt.failures === 0 ? undefined : await sentBefore(body);
      const nonce = nonceOf({ key: `${channelId}:${attempt.key}` });
      const { id: messageId } = there ?? (await api.sendMessage(channelId, body, files, { nonce }));
      troubles.clear('managers');
      return { kind: 'sent', messageId };
    } catch (error) {
      const fault = api.channelErrorOf(error);
      if (fault.kind === 'unauthorized') deps.onUnauthorized();
      if (fault.kind !== 'refused' && fault.kind !== 'unreachable') return outcomeOf(fault);
      awayUntil = performance.now() + TRY_AGAIN_MS;
      troubles.note('managers', reasonOf(fault));
      deps.warn(
        `discord: the managers' channel ${channelId} takes no messages, so each is told directly: ${reasonOf(fault)}`,
      );
      return null;
    }
  }

  async function sentBefore(body: MessageBody) {
    const since = realMilliseconds() - TRIES_LAST_MS;
    const wanted = marksOf(body);
    const latest = await api.latestMessages(channelId);
    return latest.find((one) => SnowflakeUtil.timestampFrom(one.id) > since && marksOf(one) === wanted);
  }

  return { send };
}
