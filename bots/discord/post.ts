import type { RawFile } from 'discord.js';

import { hashOf } from '../../src/kernel/ids.ts';
import type { Outcome } from '../../src/notices/delivery/outcome.ts';
import type { Attempt } from '../../src/notices/delivery/sender.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import type { CallbackStore } from '../callbackStore.ts';
import { outcomeOf, reasonOf } from '../channelErrors.ts';
import { type Api, CODES, type MessageBody, type SentMessage } from './api.ts';
import { GONE, type Places } from './places.ts';
import { render } from './render.ts';

type PostDependencies = {
  api: Pick<Api, 'sendMessage' | 'editMessage' | 'reopenThread' | 'latestMessages' | 'channelErrorOf'>;
  places: Places;
  storeCallbacks: CallbackStore['storeCallbacks'];
  onUnauthorized: () => void;
};

const NONCE_LENGTH = 25;

/** Writes to people, each in their own place. */
export function createPost({ api, places, storeCallbacks, onUnauthorized }: PostDependencies) {
  /** Sends one message now; the caller has the limiter's permission. Never throws. */
  async function send(userId: string, message: Message, attempt: Attempt): Promise<Outcome> {
    try {
      const { body, files, callbacks } = render(message);
      await storeCallbacks(callbacks);
      const channelId = await places.placeOf(userId);
      const there = attempt.failures === 0 ? undefined : await sentBefore(channelId, body);
      const { silent, replyTo } = attempt;
      const sent =
        there ?? (await api.sendMessage(channelId, body, files, { nonce: nonceOf(attempt), silent, replyTo }));
      return { kind: 'sent', messageId: sent.id };
    } catch (error) {
      return failed(userId, error);
    }
  }

  /** Replaces an earlier message. Never throws; one that is gone is left alone. */
  async function edit(userId: string, messageId: string, message: Message): Promise<Outcome> {
    try {
      const { body, files, callbacks } = render(message);
      await storeCallbacks(callbacks);
      await change(await places.placeOf(userId), messageId, body, files);
      return { kind: 'sent', messageId };
    } catch (error) {
      const outcome = await failed(userId, error);
      return outcome.kind === 'refused' ? { kind: 'moot' } : outcome;
    }
  }

  async function failed(userId: string, error: unknown): Promise<Outcome> {
    const fault = api.channelErrorOf(error);
    if (fault.kind === 'unauthorized') onUnauthorized();
    if (places.isBarred(fault)) return { kind: 'failed', reason: reasonOf(fault) };
    if (fault.kind === 'refused' && GONE.has(fault.code)) {
      await places.forget(userId).catch(() => {});
      return { kind: 'failed', reason: fault.reason };
    }
    return outcomeOf(fault);
  }

  async function change(channelId: string, ...[messageId, body, files]: ChangeArguments): Promise<void> {
    try {
      await api.editMessage(channelId, messageId, body, files);
    } catch (error) {
      const fault = api.channelErrorOf(error);
      if (fault.kind !== 'refused' || fault.code !== CODES.archivedThread) throw error;
      await api.reopenThread(channelId);
      await api.editMessage(channelId, messageId, body, files);
    }
  }

  /**
   * A try without an answer may have arrived all the same, and Discord remembers a nonce for some minutes only: so
   * check before the next try.
   */
  async function sentBefore(channelId: string, body: MessageBody): Promise<SentMessage | undefined> {
    const wanted = marksOf(body);
    return (await api.latestMessages(channelId)).find((message) => marksOf(message) === wanted);
  }

  return { send, edit };
}

type ChangeArguments = [messageId: string, body: MessageBody, files: RawFile[]];

/** The same for every try of one delivery, and for no other. */
export function nonceOf({ key }: Pick<Attempt, 'key'>): string {
  return hashOf(key).slice(0, NONCE_LENGTH);
}

/** What identifies a message: its words and what its buttons do. */
export function marksOf({ content, embeds, components }: MessageBody): string {
  const commands = (components ?? []).flatMap((row) =>
    'components' in row ? row.components.map((one) => ('custom_id' in one ? one.custom_id : '')) : [],
  );
  const looked = (embeds ?? []).map(({ description, fields = [] }) => [
    description?.trim(),
    ...fields.map(({ name, value }) => [name.trim(), value.trim()]),
  ]);
  return JSON.stringify([content?.trim(), looked, commands]);
}
