import type { Connection } from 'mongoose';
import type { Update } from 'telegraf/types';

import type { Accounts } from '../../src/accounts/accounts.ts';
import type { ChatPerson, RunCommand } from '../../src/commands/commands.ts';
import { menuOf } from '../../src/commands/registry.ts';
import type { Leases } from '../../src/database/lease.ts';
import type { Role } from '../../src/events/catalogue.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { hashOf } from '../../src/kernel/ids.ts';
import { pause, waitAtMost } from '../../src/kernel/wait.ts';
import { createDelivery, type LeaderState } from '../../src/notices/delivery/delivery.ts';
import { type ChannelLimits, createLimiter } from '../../src/notices/delivery/limiter.ts';
import type { NoticeStore, Notices } from '../../src/notices/notices.ts';
import { createCallbackStore } from '../callbackStore.ts';
import { pauseAfter, reasonOf } from '../channelErrors.ts';
import { createLeaderLease } from '../leaderLease.ts';
import { createApi, type TelegramSettings } from './api.ts';
import { createHandler } from './handle.ts';
import { createPost } from './post.ts';
import { createBotStore } from './store.ts';
import { createWebhook } from './webhook.ts';
import { createWorker } from './worker.ts';

export type TelegramBotDependencies = {
  connection: Connection;
  settings: TelegramSettings;
  accounts: Accounts;
  notices: Pick<Notices, 'onEnqueued'>;
  noticeStore: NoticeStore;
  leases: Leases;
  run: RunCommand;
  clock: Clock;
  platform: { timeZone: string; currency: string };
  log: { info(text: string): void; warn(text: string): void; error(text: string): void };
  /** Telegram's own unless told; a demo in a hurry may want others. */
  limits?: ChannelLimits;
};

/** `connecting` until Telegram knows us, `off` for good when it refuses the token. */
type BotState = 'connecting' | 'on' | 'off' | 'stopped';

const TELEGRAM_LIMITS: ChannelLimits = { perSecond: 30, perChatMs: 1_000 };

/** A first connection is worth waiting for, but not longer. */
const FIRST_CONNECT_MS = 3_000;

const EMPTY_POLL_MS = 50;
/** After a failure: the first, and the longest. */
const CONNECT_PAUSES_MS: [number, number] = [1_000, 60_000];
const POLL_PAUSES_MS: [number, number] = [250, 30_000];

/**
 * The Telegram bot: takes updates by polling or webhook, answers them, and sends notices. Of several processes on one
 * database one does this at a time; any of them takes webhooks. Trouble with Telegram never stops the service.
 */
export function createTelegramBot(deps: TelegramBotDependencies) {
  const { settings, log, clock, accounts } = deps;
  const warn = (text: string) => log.warn(text);
  const api = createApi(settings);
  const store = createBotStore(deps.connection, hashOf(settings.token).slice(0, 12));
  const callbacks = createCallbackStore(deps.connection);
  const limiter = createLimiter(deps.limits ?? TELEGRAM_LIMITS);
  const lease = createLeaderLease(deps.leases, 'telegram', warn);
  const stopping = new AbortController();
  let state: BotState = 'connecting';
  let username: string | undefined;
  let connecting: Promise<void> | undefined;
  let firstTry: Promise<unknown> | undefined;
  let polling: Promise<void> | undefined;

  const post = createPost({
    api,
    limiter,
    storeCallbacks: callbacks.storeCallbacks,
    onUnauthorized: turnOff,
    warn,
  });
  const delivery = createDelivery({
    channel: 'telegram',
    store: deps.noticeStore,
    accounts,
    clock,
    sender: { send: post.send, edit: post.edit },
    limiter,
    leaderState,
    platform: deps.platform,
    warn,
  });
  const handle = createHandler({
    api,
    run: deps.run,
    accounts,
    commandOf: callbacks.commandOf,
    reply: post.reply,
    showMenu,
    clock,
    warn,
  });
  const worker = createWorker({ store, handle, leaderState, warn });
  const forget = deps.notices.onEnqueued((channel) => {
    if (channel === 'telegram') delivery.wake();
  });

  function leaderState(): LeaderState {
    if (state !== 'on') return 'off';
    return lease.isHeld() ? 'active' : 'standby';
  }

  /** Never throws and does not wait for Telegram. */
  function start(): void {
    connecting ??= connect();
  }

  async function connect(): Promise<void> {
    for (let failures = 0; state === 'connecting' && !stopping.signal.aborted; failures += 1) {
      const trying = tryConnect();
      firstTry ??= trying.catch(() => undefined);
      await trying.catch((error) => onConnectFault(error, failures));
    }
  }

  async function tryConnect(): Promise<void> {
    const me = await api.getMe();
    await (settings.webhook === undefined
      ? api.usePolling().catch(goOnWhenRefused)
      : api.useWebhook(settings.webhook.url, settings.webhook.secret));
    if (stopping.signal.aborted) return;
    username = me.username;
    state = 'on';
    log.info(`telegram: @${username} is on, by ${settings.webhook === undefined ? 'polling' : 'webhook'}`);
    await lease.start();
    delivery.start();
    worker.start();
    if (settings.webhook === undefined) polling = poll();
    await setMenu(null);
  }

  /** Telegram knows us, so a refusal to take a webhook away says nothing of the token, and polling shows what it means. */
  function goOnWhenRefused(error: unknown): void {
    const fault = api.channelErrorOf(error);
    if (fault.kind !== 'refused') throw error;
    warn(`telegram: the webhook could not be taken away: ${reasonOf(fault)}`);
  }

  /** What the person of a chat can do now, as Telegram shows it beside the text field. */
  async function showMenu({ userId, chatId }: ChatPerson): Promise<void> {
    await setMenu((await accounts.byLink('telegram', userId))?.role ?? null, chatId);
  }

  /** A menu is a convenience: without one everything still works. */
  async function setMenu(role: Role | null, chatId?: string): Promise<void> {
    await api
      .setCommands(menuOf(role), chatId)
      .catch((error) => warn(`telegram: no menu: ${reasonOf(api.channelErrorOf(error))}`));
  }

  async function onConnectFault(error: unknown, failures: number): Promise<void> {
    const fault = api.channelErrorOf(error);
    // A token of a wrong form is "not found", one that was revoked is "unauthorized".
    if (fault.kind === 'unauthorized' || (fault.kind === 'refused' && fault.code === 404)) return turnOff();
    if (failures === 0) warn(`telegram: not reachable, will go on trying: ${reasonOf(fault)}`);
    await pause(pauseAfter(fault, failures, CONNECT_PAUSES_MS), stopping.signal);
  }

  function turnOff(): void {
    if (state === 'off' || state === 'stopped') return;
    state = 'off';
    log.error('telegram: Telegram refuses TELEGRAM_BOT_TOKEN, so the bot is off; everything else goes on');
  }

  /** Only while this process has the role: Telegram allows one poller. */
  async function poll(): Promise<void> {
    let offset = 0;
    for (let failures = 0; state === 'on' && !stopping.signal.aborted; ) {
      if (!lease.isHeld()) {
        offset = 0;
        await pause(200, stopping.signal);
        continue;
      }
      try {
        const updates = await api.getUpdates(offset, stopping.signal);
        await store.receive(updates);
        offset = updates.reduce((next, update) => Math.max(next, update.update_id + 1), offset);
        if (updates.length > 0) worker.wake();
        // A server that does not hold the call would be asked without end.
        else await pause(EMPTY_POLL_MS, stopping.signal);
        failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures += 1;
        await onPollFault(error, failures);
      }
    }
  }

  async function onPollFault(error: unknown, failures: number): Promise<void> {
    const fault = api.channelErrorOf(error);
    if (fault.kind === 'unauthorized') return turnOff();
    // An old process may still be polling when a new one takes over, so the first refusals are nothing to speak of.
    if (failures === 3) warn(`telegram: updates do not arrive, will go on trying: ${reasonOf(fault)}`);
    await pause(pauseAfter(fault, failures, POLL_PAUSES_MS), stopping.signal);
  }

  async function receive(updates: Update[]): Promise<void> {
    await store.receive(updates);
    worker.wake();
  }

  /** Resolves when every update in hand is answered and every notice that is due is sent, or cannot be for now. */
  async function drain(): Promise<void> {
    if (state === 'connecting') await waitAtMost(firstTry ?? Promise.resolve(), FIRST_CONNECT_MS);
    await worker.drain();
    await delivery.drain();
  }

  /** Finishes what is in hand, then gives the role to the next process. */
  async function stop(): Promise<void> {
    if (state !== 'off') state = 'stopped';
    stopping.abort();
    forget();
    limiter.stop(['notice']);
    await Promise.all([delivery.stop(), worker.stop()]);
    limiter.stop();
    await Promise.allSettled([connecting, polling]);
    await lease.stop().catch((error) => warn(`telegram: the role was not given back: ${messageOf(error)}`));
  }

  async function health() {
    return { state, username: username ?? null, leaderState: leaderState(), deliveries: await delivery.counts() };
  }

  return {
    start,
    stop,
    drain,
    health,
    state: () => state,
    /** The bot's name, for links that open it; known once Telegram answered. */
    username: () => username,
    /** `POST /telegram/webhook`; null when updates are polled. */
    webhook: settings.webhook === undefined ? null : createWebhook(settings.webhook.secret, receive),
  };
}
