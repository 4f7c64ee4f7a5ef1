import type { Interaction } from 'discord.js';
import type { Connection } from 'mongoose';

import type { Accounts } from '../../src/accounts/accounts.ts';
import type { RunCommand, SuggestArguments } from '../../src/commands/commands.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import type { Leases } from '../../src/database/lease.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { pause, waitAtMost } from '../../src/kernel/wait.ts';
import { createDelivery, type LeaderState } from '../../src/notices/delivery/delivery.ts';
import { type ChannelLimits, createLimiter } from '../../src/notices/delivery/limiter.ts';
import type { NoticeStore, Notices } from '../../src/notices/notices.ts';
import { createCallbackStore } from '../callbackStore.ts';
import { pauseAfter, reasonOf } from '../channelErrors.ts';
import { createLeaderLease } from '../leaderLease.ts';
import { createApi, type DiscordSettings } from './api.ts';
import { createGateway } from './gateway.ts';
import { createHandler } from './handle.ts';
import { createPost } from './post.ts';
import { slashCommands } from './slash.ts';
import { createBotStore } from './store.ts';

export type DiscordBotDependencies = {
  connection: Connection;
  settings: DiscordSettings;
  accounts: Accounts;
  notices: Pick<Notices, 'onEnqueued'>;
  noticeStore: NoticeStore;
  leases: Leases;
  run: RunCommand;
  suggest: SuggestArguments;
  clock: Clock;
  platform: { timeZone: string; currency: string };
  log: { info(text: string): void; warn(text: string): void; error(text: string): void };
  /** Discord's own unless told; a demo in a hurry may want others. */
  limits?: ChannelLimits;
};

/** `connecting` until Discord knows us, `off` for good when it refuses the token. */
export type BotState = 'connecting' | 'on' | 'off' | 'stopped';

export type DiscordBot = ReturnType<typeof createDiscordBot>;

/**
 * A message to somebody new is two calls of the fifty that Discord allows a second, and answers to people need some; a
 * channel takes five messages in five seconds.
 */
const DISCORD_LIMITS: ChannelLimits = { perSecond: 20, perChatMs: 1_000 };

const LOOK_MS = 200;
const FIRST_CONNECT_MS = 3_000;
const DRAIN_MS = 10_000;
const STOP_GRACE_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;
/** After a failure to connect: the first pause, and the longest. */
const CONNECT_PAUSES_MS: [number, number] = [500, LONGEST_PAUSE_MS];

/**
 * The Discord bot: takes slash commands and buttons from the gateway, answers where only the person sees it, and sends
 * notices as direct messages. Of several processes on one database one does this at a time. Trouble with Discord never
 * stops the service.
 */
export function createDiscordBot(deps: DiscordBotDependencies) {
  const { settings, log, clock, accounts } = deps;
  const warn = (text: string) => log.warn(text);
  const api = createApi(settings);
  const callbacks = createCallbackStore(deps.connection);
  const limiter = createLimiter(deps.limits ?? DISCORD_LIMITS);
  const lease = createLeaderLease(deps.leases, 'discord', warn);
  const stopping = new AbortController();
  const inHand = new Set<Promise<void>>();
  let state: BotState = 'connecting';
  let username: string | undefined;
  let serving: Promise<void> | undefined;
  let firstTry: Promise<unknown> | undefined;
  let isTroubled = false;
  let faults = 0;

  const gateway = createGateway({
    settings,
    scrub: api.scrub,
    onInteraction,
    onReady,
    onRefused: turnOff,
    onFault: (reason) => {
      faults += 1;
      trouble(reason);
    },
  });
  const post = createPost({
    api,
    store: createBotStore(deps.connection, settings.applicationId),
    storeCallbacks: callbacks.storeCallbacks,
    onUnauthorized: turnOff,
  });
  const delivery = createDelivery({
    channel: 'discord',
    store: deps.noticeStore,
    accounts,
    clock,
    sender: post,
    limiter,
    leaderState,
    platform: deps.platform,
    warn,
  });
  const handle = createHandler({
    api,
    run: deps.run,
    suggest: deps.suggest,
    commands: COMMANDS,
    accounts,
    callbacks,
    stopping: stopping.signal,
    onUnauthorized: turnOff,
    warn,
  });
  const forget = deps.notices.onEnqueued((channel) => {
    if (channel === 'discord') delivery.wake();
  });

  function leaderState(): LeaderState {
    if (state !== 'on') return 'off';
    return lease.isHeld() ? 'active' : 'standby';
  }

  /** Never throws and does not wait for Discord. */
  function start(): void {
    serving ??= connect()
      .then(serve)
      .catch((error) => log.error(`discord: the bot stopped working: ${api.scrub(messageOf(error))}`));
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
    if (stopping.signal.aborted) return;
    username = me.username;
    state = 'on';
    log.info(`discord: ${username} is on`);
    await lease.start();
    delivery.start();
  }

  async function onConnectFault(error: unknown, failures: number): Promise<void> {
    const fault = api.channelErrorOf(error);
    if (fault.kind === 'unauthorized') return turnOff();
    trouble(reasonOf(fault));
    await pause(pauseAfter(fault, failures, CONNECT_PAUSES_MS), stopping.signal);
  }

  /** One gateway at a time, in the process that has the role. */
  async function serve(): Promise<void> {
    let registered = false;
    let failures = 0;
    while (state === 'on' && !stopping.signal.aborted) {
      if (!lease.isHeld()) {
        await gateway.close();
      } else {
        const before = faults;
        registered ||= await register();
        await gateway.open();
        failures = registered && faults === before ? 0 : failures + 1;
      }
      await pause(failures === 0 ? LOOK_MS : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures), stopping.signal);
    }
    await gateway.close();
  }

  /** Shows the commands to people; the same once more changes nothing. */
  async function register(): Promise<boolean> {
    try {
      await api.registerCommands(slashCommands(COMMANDS, settings.guildId === undefined));
      return true;
    } catch (error) {
      const fault = api.channelErrorOf(error);
      if (fault.kind === 'unauthorized') turnOff();
      const isFinal = fault.kind === 'refused' || fault.kind === 'unreachable';
      if (isFinal) log.error(`discord: the commands cannot be shown, check the DISCORD_* ids: ${fault.reason}`);
      else trouble(reasonOf(fault));
      return isFinal;
    }
  }

  function onInteraction(interaction: Interaction): void {
    if (stopping.signal.aborted) return;
    const handling = handle(interaction)
      .catch((error) => warn(`discord: an interaction failed: ${api.scrub(messageOf(error))}`))
      .finally(() => inHand.delete(handling));
    inHand.add(handling);
  }

  function onReady(): void {
    if (isTroubled) log.info('discord: connected again');
    isTroubled = false;
    delivery.hasten().catch((error) => warn(`discord: notices wait for their next try: ${messageOf(error)}`));
  }

  /** Once for each outage. */
  function trouble(reason: string): void {
    if (!isTroubled) warn(`discord: not reachable, will go on trying: ${reason}`);
    isTroubled = true;
  }

  function turnOff(): void {
    if (state === 'off' || state === 'stopped') return;
    state = 'off';
    log.error('discord: Discord refuses DISCORD_BOT_TOKEN, so the bot is off; everything else goes on');
  }

  /** Resolves when every interaction in hand is answered and every notice that is due is sent, or cannot be for now. */
  async function drain(): Promise<void> {
    if (state === 'connecting') await waitAtMost(firstTry ?? Promise.resolve(), FIRST_CONNECT_MS);
    await waitAtMost(Promise.all(inHand), DRAIN_MS);
    await delivery.drain();
  }

  /** Finishes what is in hand, then gives the role to the next process. */
  async function stop(): Promise<void> {
    if (state !== 'off') state = 'stopped';
    stopping.abort();
    forget();
    limiter.stop();
    await Promise.all([delivery.stop(), serving, waitAtMost(Promise.all(inHand), STOP_GRACE_MS)]);
    await lease.stop().catch((error) => warn(`discord: the role was not given back: ${messageOf(error)}`));
  }

  async function health() {
    return {
      state,
      username: username ?? null,
      leaderState: leaderState(),
      gateway: gateway.isReady(),
      deliveries: await delivery.counts(),
    };
  }

  return {
    start,
    stop,
    drain,
    health,
    state: () => state,
    /** The bot's name; known once Discord answered. */
    username: () => username,
  };
}
