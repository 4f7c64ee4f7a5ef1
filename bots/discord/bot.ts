import type { Interaction } from 'discord.js';

import type { SuggestArguments } from '../../src/commands/commands.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { pause, waitAtMost } from '../../src/kernel/wait.ts';
import { type ChannelLimits, createLimiter } from '../../src/notices/delivery/limiter.ts';
import type { SharedPlace } from '../../src/notices/delivery/sender.ts';
import type { ChannelTroubles } from '../../src/notices/delivery/troubles.ts';
import { createCallbackStore } from '../callbackStore.ts';
import { createChannel } from '../channel.ts';
import { type ChannelBotDependencies, createChannelBot } from '../channelBot.ts';
import { reasonOf } from '../channelErrors.ts';
import { createGate } from '../gate.ts';
import { createApi, type DiscordSettings } from './api.ts';
import { createDownload } from './attachment.ts';
import { createGateway } from './gateway.ts';
import { createHandler } from './handle.ts';
import { createManagersChannel } from './managersChannel.ts';
import { createPlaces } from './places.ts';
import { createPost } from './post.ts';
import { slashCommands } from './slash.ts';
import { createBotStore } from './store.ts';

export type DiscordBotDependencies = ChannelBotDependencies & {
  settings: DiscordSettings;
  suggest: SuggestArguments;
  /** Hears when the managers' channel takes no messages. */
  channelTroubles: ChannelTroubles;
};

/**
 * A message to somebody new is two calls of the fifty that Discord allows a second, and answers to people need some; a
 * channel takes five messages in five seconds.
 */
const DISCORD_LIMITS: ChannelLimits = { perSecond: 20, perChatMs: 1_000 };

const ROLE_CHECK_MS = 200;
const DRAIN_MS = 10_000;
const STOP_GRACE_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * The Discord bot: takes slash commands and buttons from the gateway, answers where only the person sees it, and sends
 * notices as direct messages, or in a thread of the person's own. Of several processes on one database one does this at a time.
 */
export function createDiscordBot(deps: DiscordBotDependencies) {
  const { settings, log, accounts } = deps;
  const api = createApi(settings);
  const channel = createChannel({ name: 'discord', title: 'Discord' }, deps);
  const { warn } = channel;
  const callbacks = createCallbackStore(deps.connection);
  const inHand = new Set<Promise<void>>();
  let faults = 0;

  const gateway = createGateway({
    settings,
    scrub: api.scrub,
    onInteraction,
    onReady: () => bot.onReady(),
    onRefused: channel.turnOff,
    onFault: (reason) => {
      faults += 1;
      channel.reportTrouble(reason);
    },
  });
  const { storeCallbacks } = callbacks;
  const { turnOff: onUnauthorized } = channel;
  const { threadsIn } = settings;
  const store = createBotStore(deps.connection, settings.applicationId);
  const post = createPost({
    ...{ api, storeCallbacks, onUnauthorized },
    places: createPlaces({ api, store, threadsIn, warn }),
  });
  const limiter = createLimiter(deps.limits ?? DISCORD_LIMITS);
  const handle = createHandler({
    api,
    hold: limiter.hold,
    channel,
    run: deps.run,
    suggest: deps.suggest,
    download: createDownload(settings),
    commands: COMMANDS,
    accounts,
    callbacks,
    gate: createGate({ channel: channel.name, accounts, report: deps.report }),
  });
  const bot = createChannelBot(deps, {
    channel,
    limiter,
    sender: post,
    managers: managersPlace(),
    channelErrorOf: api.channelErrorOf,
    isTokenRefused: ({ kind }) => kind === 'unauthorized',
    connectPausesMs: [500, LONGEST_PAUSE_MS],
    introduce: async () => {
      const { username } = await api.getMe();
      return { username, announcement: `${username} is on` };
    },
    serve,
    drain: () => waitAtMost(Promise.all(inHand), DRAIN_MS),
    finish: () => waitAtMost(Promise.all(inHand), STOP_GRACE_MS),
  });

  function managersPlace(): SharedPlace | undefined {
    const { managers } = settings;
    if (managers === undefined) return undefined;
    const { channelId, language: locale } = managers;
    const troubles = deps.channelTroubles;
    const { send } = createManagersChannel({ api, channelId, storeCallbacks, troubles, onUnauthorized, warn });
    return { display: { ...deps.platform, locale }, send };
  }

  /** One gateway at a time, in the process that has the role. */
  async function serve(): Promise<void> {
    let registered = false;
    let failures = 0;
    while (channel.isOn()) {
      if (!channel.lease.isHeld()) {
        await gateway.close();
      } else {
        const before = faults;
        registered ||= await register();
        await gateway.open();
        failures = registered && faults === before ? 0 : failures + 1;
      }
      await pause(failures === 0 ? ROLE_CHECK_MS : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures), channel.stopping);
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
      if (fault.kind === 'unauthorized') channel.turnOff();
      const isFinal = fault.kind === 'refused' || fault.kind === 'unreachable';
      if (isFinal) log.error(`discord: the commands cannot be shown, check the DISCORD_* ids: ${fault.reason}`);
      else channel.reportTrouble(reasonOf(fault));
      return isFinal;
    }
  }

  function onInteraction(interaction: Interaction): void {
    if (channel.stopping.aborted) return;
    const handling = handle(interaction)
      .catch((error) => warn(`discord: an interaction failed: ${api.scrub(messageOf(error))}`))
      .finally(() => inHand.delete(handling));
    inHand.add(handling);
  }

  return { ...bot, health: async () => ({ ...(await bot.health()), gateway: gateway.isReady() }) };
}
