import type { Update } from 'telegraf/types';

import type { ChatPerson, CommandDependencies } from '../../src/commands/commands.ts';
import { hashOf } from '../../src/kernel/ids.ts';
import { awaitAll, pause } from '../../src/kernel/wait.ts';
import { type ChannelLimits, createLimiter } from '../../src/notices/delivery/limiter.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { createCallbackStore } from '../callbackStore.ts';
import { createChannel } from '../channel.ts';
import { type ChannelBotDependencies, createChannelBot } from '../channelBot.ts';
import { pauseAfter, reasonOf } from '../channelErrors.ts';
import { createGate } from '../gate.ts';
import { createApi, type TelegramSettings } from './api.ts';
import { createDoor } from './door.ts';
import { createHandler } from './handle.ts';
import { createMenus } from './menus.ts';
import { createPost } from './post.ts';
import { createBotStore } from './store.ts';
import { createWebhook } from './webhook.ts';
import { createWorker } from './worker.ts';

export type TelegramBotDependencies = ChannelBotDependencies &
  Pick<CommandDependencies, 'scopesOf'> & { settings: TelegramSettings };

const TELEGRAM_LIMITS: ChannelLimits = { perSecond: 30, perChatMs: 1_000 };

const ROLE_CHECK_MS = 200;
const EMPTY_POLL_MS = 50;
/** After a failure to poll: the first pause, and the longest. */
const POLL_PAUSES_MS: [number, number] = [250, 30_000];

/**
 * The Telegram bot: takes updates by polling or webhook, answers them, and sends notices. Of several processes on one
 * database one does this at a time; any of them takes webhooks.
 */
export function createTelegramBot(deps: TelegramBotDependencies) {
  const { settings, clock, accounts } = deps;
  const api = createApi(settings);
  const channel = createChannel({ name: 'telegram', title: 'Telegram' }, deps);
  const { warn } = channel;
  const store = createBotStore(deps.connection, hashOf(settings.token).slice(0, 12));
  const callbacks = createCallbackStore(deps.connection);
  const limiter = createLimiter(deps.limits ?? TELEGRAM_LIMITS);

  const post = createPost({
    api,
    limiter,
    storeCallbacks: callbacks.storeCallbacks,
    onUnauthorized: channel.turnOff,
    warn,
  });
  const gate = createGate({ channel: channel.name, accounts, report: deps.report });
  const strangersAnswered = new Set<Promise<void>>();
  const menus = createMenus({ api, accounts, scopesOf: deps.scopesOf, platform: deps.platform, warn });
  const door = createDoor({ gate, store });
  const handle = createHandler({
    api,
    run: deps.run,
    accounts,
    commandOf: callbacks.commandOf,
    speechTo: channel.speechTo,
    answerOf: channel.answerOf,
    reply: post.reply,
    replyToStranger,
    menus,
    hold: limiter.hold,
    clock,
  });
  const worker = createWorker({ store, handle, leaderState: channel.leaderState, warn });
  const { onReady: _, ...bot } = createChannelBot(deps, {
    channel,
    limiter,
    sender: { send: post.send, edit: post.edit },
    channelErrorOf: api.channelErrorOf,
    // A token of a wrong form is "not found", one that was revoked is "unauthorized".
    isTokenRefused: (fault) => fault.kind === 'unauthorized' || (fault.kind === 'refused' && fault.code === 404),
    connectPausesMs: [1_000, 60_000],
    introduce,
    serve,
    onConnected: menus.showFirst,
    drain: async () => {
      await worker.drain();
      await awaitAll([...strangersAnswered]);
    },
    finish: worker.stop,
  });

  function replyToStranger({ chatId, userId }: ChatPerson, message: Message): void {
    const answering = post
      .replyToStranger(chatId, message)
      .then((isAnswered) => {
        if (isAnswered) return;
        gate.takeBack([userId]);
        gate.noteDropped('crowded');
      })
      .finally(() => strangersAnswered.delete(answering));
    strangersAnswered.add(answering);
  }

  async function introduce(): Promise<{ username: string; announcement: string }> {
    const { username } = await api.getMe();
    await (settings.webhook === undefined
      ? api.usePolling().catch(goOnWhenRefused)
      : api.useWebhook(settings.webhook.url, settings.webhook.secret));
    return {
      username,
      announcement: `@${username} is on, by ${settings.webhook === undefined ? 'polling' : 'webhook'}`,
    };
  }

  /**
   * Telegram knows us, so a refusal to remove a webhook says nothing about the token, and polling shows its
   * consequence.
   */
  function goOnWhenRefused(error: unknown): void {
    const fault = api.channelErrorOf(error);
    if (fault.kind !== 'refused') throw error;
    warn(`telegram: the webhook could not be taken away: ${reasonOf(fault)}`);
  }

  async function serve(): Promise<void> {
    worker.start();
    if (settings.webhook === undefined) await poll();
  }

  /** Only while this process has the role: Telegram allows one poller. */
  async function poll(): Promise<void> {
    let offset = 0;
    for (let failures = 0; channel.isOn(); ) {
      if (!channel.lease.isHeld()) {
        offset = 0;
        await pause(ROLE_CHECK_MS, channel.stopping);
        continue;
      }
      try {
        const updates = await api.getUpdates(offset, channel.stopping);
        const newOnes = await door.receive(updates);
        offset = offsetAfter(updates) ?? offset;
        if (newOnes > 0) worker.wake();
        // A server that does not hold the call, or repeats itself, would be asked without end.
        else await pause(EMPTY_POLL_MS, channel.stopping);
        failures = 0;
      } catch (error) {
        if (channel.stopping.aborted) return;
        failures += 1;
        await onPollFault(error, failures);
      }
    }
  }

  async function onPollFault(error: unknown, failures: number): Promise<void> {
    const fault = api.channelErrorOf(error);
    if (fault.kind === 'unauthorized') return channel.turnOff();
    // An old process may still be polling when a new one takes over, so the first refusals are not reported.
    if (failures === 3) warn(`telegram: updates do not arrive, will go on trying: ${reasonOf(fault)}`);
    await pause(pauseAfter(fault, failures, POLL_PAUSES_MS), channel.stopping);
  }

  async function receive(updates: Update[]): Promise<void> {
    await door.receive(updates);
    worker.wake();
  }

  return {
    ...bot,
    /** `POST /telegram/webhook`; null when updates are polled. */
    webhook: settings.webhook === undefined ? null : createWebhook(settings.webhook.secret, receive),
  };
}

/**
 * From where to ask on, or null when nothing came: after the newest of these, whatever was asked for before. Telegram's ids
 * start anew, perhaps smaller, after a week without updates; it then answers from the head of its queue.
 */
function offsetAfter(updates: Update[]): number | null {
  return updates.length === 0 ? null : Math.max(...updates.map((update) => update.update_id)) + 1;
}
