import {
  ChannelType,
  DiscordAPIError,
  HTTPError,
  MessageFlags,
  RateLimitError,
  type RawFile,
  REST,
  type RESTPostAPIChannelMessageJSONBody,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import type { Suggestion } from '../../src/commands/commands.ts';
import { withoutLinkTokens } from '../../src/console/addresses.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import type { Language } from '../../src/texts/languages.ts';
import type { ChannelError } from '../channelErrors.ts';

export type DiscordSettings = {
  token: string;
  applicationId: string;
  /** Commands are shown there alone; everywhere when not set. */
  guildId?: string;
  /** The channel in which each person has a thread; direct messages when not set. */
  threadsIn?: string;
  /** Where all managers read, and in which language. */
  managers?: { channelId: string; language: Language };
  /** Discord's own when not set. */
  apiRoot?: string;
};

/** The body of a message, as Discord takes it. */
export type MessageBody = Pick<
  RESTPostAPIChannelMessageJSONBody,
  'content' | 'embeds' | 'components' | 'allowed_mentions' | 'attachments'
>;

/** How a message comes: without a sound, or as a reply to an earlier one of the same channel. */
export type SendOptions = { silent?: boolean | undefined; replyTo?: string | undefined };

/** An earlier message, as far as it takes to recognise it. */
export type SentMessage = { id: string } & MessageBody;

export type Api = ReturnType<typeof createApi>;

const CALL_TIMEOUT_MS = 8_000;
/** Discord allows 50 in all; the library counts in fixed seconds, two of which may meet. */
const REQUESTS_PER_SECOND = 45;

/**
 * Discord's HTTP API: no silent retries, pauses that Discord asks for are the caller's to make, and no token in any
 * error.
 */
export function createApi({ token, applicationId, guildId, apiRoot }: DiscordSettings) {
  const rest = new REST({ ...restOptions(apiRoot), rejectOnRateLimit: () => true }).setToken(token);

  const commandsRoute =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);

  /** "Working on it", which only the person sees, and so will be the answer: that is decided here. */
  async function acknowledge(interaction: InteractionKey, signal: AbortSignal): Promise<void> {
    await rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      body: { type: 5, data: { flags: MessageFlags.Ephemeral } },
      auth: false,
      signal,
    });
  }

  async function suggest(interaction: InteractionKey, choices: Suggestion[], signal: AbortSignal): Promise<void> {
    await rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      body: { type: 8, data: { choices } },
      auth: false,
      signal,
    });
  }

  /** Puts the answer in place of "working on it". */
  async function answer({ token: key }: InteractionKey, body: MessageBody, files: RawFile[]): Promise<void> {
    await rest.patch(Routes.webhookMessage(applicationId, key), { body, files, auth: false });
  }

  /** The channel of our conversation with a person; opening it again is the same channel. */
  async function openDirectMessages(userId: string): Promise<string> {
    // The answer is described in Discord's reference; only the id is used.
    const channel = (await rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as { id: string };
    return channel.id;
  }

  /** Of two messages with one `nonce` within some minutes the second is ignored. One that is answered and gone is no hindrance. */
  async function sendMessage(
    channelId: string,
    body: MessageBody,
    files: RawFile[],
    { nonce, silent, replyTo }: SendOptions & { nonce: string },
  ): Promise<SentMessage> {
    return (await rest.post(Routes.channelMessages(channelId), {
      body: {
        ...{ ...body, nonce, enforce_nonce: true },
        ...(silent === true ? { flags: MessageFlags.SuppressNotifications } : {}),
        ...(replyTo === undefined ? {} : { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
      },
      files,
    })) as SentMessage;
  }

  async function editMessage(channelId: string, messageId: string, body: MessageBody, files: RawFile[]): Promise<void> {
    await rest.patch(Routes.channelMessage(channelId, messageId), { body, files });
  }

  /** A thread that only its members and the server's moderators see; it is named for nobody. */
  async function startThread(channelId: string): Promise<string> {
    const body = {
      name: THREAD_NAME,
      type: ChannelType.PrivateThread,
      invitable: false,
      auto_archive_duration: WEEK_MINUTES,
    };
    // As above.
    return ((await rest.post(Routes.threads(channelId), { body })) as { id: string }).id;
  }

  async function addToThread(threadId: string, userId: string): Promise<void> {
    await rest.put(Routes.threadMembers(threadId, userId));
  }

  /** A thread in which nobody has written for a week is archived, and takes no changes until it is opened again. */
  async function reopenThread(threadId: string): Promise<void> {
    await rest.patch(Routes.channel(threadId), { body: { archived: false } });
  }

  /** What we wrote there lately. */
  async function latestMessages(channelId: string): Promise<SentMessage[]> {
    const messages = (await rest.get(Routes.channelMessages(channelId), {
      query: new URLSearchParams({ limit: '50' }),
    })) as (SentMessage & { author: { bot?: boolean } })[];
    return messages.filter(({ author }) => author.bot === true);
  }

  function channelErrorOf(error: unknown): ChannelError {
    if (error instanceof RateLimitError) return throttled(error.timeToReset, error.sublimitTimeout);
    if (error instanceof DiscordAPIError) return discordFault(error, scrub);
    if (error instanceof HTTPError) return { kind: 'failed', reason: scrub(`${error.status} ${error.message}`) };
    return { kind: 'failed', reason: scrub(messageOf(error)) };
  }

  /** Interaction tokens stand in URLs, and the bot's own in headers. */
  function scrub(text: string): string {
    return withoutLinkTokens(text.replaceAll(token, '[token]')).slice(0, 500);
  }

  return {
    acknowledge,
    suggest,
    answer,
    openDirectMessages,
    sendMessage,
    editMessage,
    startThread,
    addToThread,
    reopenThread,
    latestMessages,
    channelErrorOf,
    scrub,
    getMe: async () => (await rest.get(Routes.user('@me'))) as { id: string; username: string },
    registerCommands: async (commands: RESTPutAPIApplicationCommandsJSONBody): Promise<void> => {
      await rest.put(commandsRoute, { body: commands });
    },
  };
}

/** An interaction as its callbacks name it. */
export type InteractionKey = { id: string; token: string };

/** The library repeats a failed call within milliseconds; we do it ourselves, with growing delays. */
export function restOptions(apiRoot: string | undefined) {
  return {
    version: '10',
    retries: 0,
    timeout: CALL_TIMEOUT_MS,
    globalRequestsPerSecond: REQUESTS_PER_SECOND,
    ...(apiRoot === undefined ? {} : { api: apiRoot.replace(/\/$/, '') }),
  };
}

/** Whoever may see a thread sees its name. */
const THREAD_NAME = 'settlebot';
const WEEK_MINUTES = 10_080;

/** Discord's own codes of errors. */
export const CODES = {
  unknownChannel: 10_003,
  unknownUser: 10_013,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  openingTooFast: 40_003,
  missingAccess: 50_001,
  missingPermissions: 50_013,
  archivedThread: 50_083,
  lockedThread: 160_005,
  alreadyAcknowledged: 40_060,
  invalidWebhookToken: 50_027,
} as const;

const OPENING_PAUSE_MS = 60_000;

function discordFault(error: DiscordAPIError, scrub: (text: string) => string): ChannelError {
  const code = Number(error.code);
  const reason = scrub(error.message);
  // A refusal without a code comes not from Discord but from something on the way there.
  if (!Number.isFinite(code) || error.status >= 500) return { kind: 'failed', reason: `${error.status} ${reason}` };
  if (code === CODES.openingTooFast) return { kind: 'throttled', retryAfterMs: OPENING_PAUSE_MS };
  if (code === CODES.invalidWebhookToken) return { kind: 'refused', reason, code };
  if (error.status === 401) return { kind: 'unauthorized' };
  if (code === CODES.lockedThread) return { kind: 'refused', reason, code };
  if (error.status === 403 || code === CODES.unknownUser) return { kind: 'unreachable', reason, code };
  return { kind: 'refused', reason, code };
}

function throttled(...waits: number[]): ChannelError {
  return { kind: 'throttled', retryAfterMs: Math.max(50, ...waits.filter(Number.isFinite)) };
}
