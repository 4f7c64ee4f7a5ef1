import type { Connection } from 'mongoose';
import type { Accounts } from '../src/accounts/accounts.ts';
import type { RunCommand } from '../src/commands/commands.ts';
import type { Leases } from '../src/database/lease.ts';
import type { Report } from '../src/kernel/activity.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { messageOf } from '../src/kernel/errors.ts';
import { pause, waitAtMost } from '../src/kernel/wait.ts';
import { createDelivery } from '../src/notices/delivery/delivery.ts';
import type { ChannelLimits, Limiter } from '../src/notices/delivery/limiter.ts';
import type { AttachmentOf, Sender, SharedPlace, UsableFor } from '../src/notices/delivery/sender.ts';
import type { NoticeStore, Notices } from '../src/notices/notices.ts';
import type { DisplayContext } from '../src/texts/speech.ts';
import type { ChannelConnection, Log } from './channel.ts';
import { type ChannelError, pauseAfter, reasonOf } from './channelErrors.ts';

/** What every bot works with. */
export type ChannelBotDependencies = {
  connection: Connection;
  accounts: Accounts;
  notices: Pick<
    Notices,
    'onEnqueued' | 'recipientOf' | 'redirect' | 'legible' | 'noteUnreachable' | 'quietEnd' | 'noteDelivered'
  >;
  noticeStore: NoticeStore;
  leases: Leases;
  run: RunCommand;
  clock: Clock;
  platform: DisplayContext;
  log: Log;
  report?: Report;
  /** Leaves out the buttons that a person may not use at this moment. */
  usableFor?: UsableFor | undefined;
  /** Draws what goes with a notice. */
  attachmentOf?: AttachmentOf | undefined;
  /** The channel's own when not set; a demo in a hurry may want others. */
  limits?: ChannelLimits | undefined;
};

/** What one channel does in its own way. */
export type ChannelParts = {
  channel: ChannelConnection;
  limiter: Limiter;
  sender: Sender;
  /** Where all managers read, in a channel that has such a place. */
  managers?: SharedPlace | undefined;
  channelErrorOf(error: unknown): ChannelError;
  /** Whether what failed while connecting means that the token is wrong. */
  isTokenRefused(error: ChannelError): boolean;
  /** After a failure to connect: the first pause, and the longest. */
  connectPausesMs: [first: number, longest: number];
  /** Asks the channel who we are, and whatever else comes before serving; may be called many times. */
  introduce(): Promise<{ username: string; announcement: string }>;
  /** Takes what people write for as long as the channel is on. */
  serve(): Promise<void>;
  /** Follows the first connection; what fails here is no failure to connect. */
  onConnected?(): Promise<void>;
  /** Resolves when what people wrote is answered, or cannot be for now. */
  drain(): Promise<void>;
  /** Finishes what is in hand, within some seconds. */
  finish(): Promise<void>;
};

/** A first connection is worth waiting for, but not longer. */
const FIRST_CONNECT_MS = 3_000;

/** The life of a bot, alike for all channels: connect, serve and deliver while it has the role, drain, stop. */
export function createChannelBot(deps: ChannelBotDependencies, parts: ChannelParts) {
  const { channel, limiter } = parts;
  const delivery = createDelivery({
    channel: channel.name,
    store: deps.noticeStore,
    accounts: deps.accounts,
    notices: deps.notices,
    clock: deps.clock,
    sender: parts.sender,
    managers: parts.managers,
    limiter,
    leaderState: channel.leaderState,
    platform: deps.platform,
    attachmentOf: deps.attachmentOf,
    warn: channel.warn,
    report: deps.report,
    usableFor: deps.usableFor,
  });
  const forget = deps.notices.onEnqueued((name) => {
    if (name === channel.name) delivery.wake();
  });
  let username: string | undefined;
  let connecting: Promise<void> | undefined;
  let firstTry: Promise<unknown> | undefined;
  let serving: Promise<void> | undefined;

  /** Never throws and does not wait for the channel. */
  function start(): void {
    connecting ??= connect();
  }

  async function connect(): Promise<void> {
    for (let failures = 0; channel.state() === 'connecting' && !channel.stopping.aborted; failures += 1) {
      const trying = tryConnect();
      firstTry ??= trying.catch(() => undefined);
      await trying.catch((error) => onConnectError(parts.channelErrorOf(error), failures));
    }
  }

  async function tryConnect(): Promise<void> {
    const introduced = await parts.introduce();
    if (channel.stopping.aborted) return;
    username = introduced.username;
    channel.turnOn(introduced.announcement);
    await channel.lease.start();
    delivery.start();
    serving = parts.serve().catch((error) => {
      deps.log.error(`${channel.name}: the bot stopped working: ${reasonOf(parts.channelErrorOf(error))}`);
    });
    await parts.onConnected?.();
  }

  async function onConnectError(error: ChannelError, failures: number): Promise<void> {
    if (parts.isTokenRefused(error)) return channel.turnOff();
    channel.reportTrouble(reasonOf(error));
    await pause(pauseAfter(error, failures, parts.connectPausesMs), channel.stopping);
  }

  /** The channel is there again: notices that wait for their next try are tried now. */
  function onReady(): void {
    channel.reportRecovery();
    delivery
      .hasten()
      .catch((error) => channel.warn(`${channel.name}: notices wait for their next try: ${messageOf(error)}`));
  }

  /** Resolves when what people wrote is answered and every notice that is due is sent, or cannot be for now. */
  async function drain(): Promise<void> {
    if (channel.state() === 'connecting') await waitAtMost(firstTry ?? Promise.resolve(), FIRST_CONNECT_MS);
    await parts.drain();
    await delivery.drain();
  }

  /** Finishes what is in hand, answers after notices, then gives the role to the next process. */
  async function stop(): Promise<void> {
    channel.beginStop();
    forget();
    limiter.stop(['stranger', 'notice']);
    await Promise.all([delivery.stop(), parts.finish()]);
    limiter.stop();
    await connecting?.catch(() => undefined);
    await serving;
    await channel.lease
      .stop()
      .catch((error) => channel.warn(`${channel.name}: the role was not given back: ${messageOf(error)}`));
  }

  async function health() {
    return {
      state: channel.state(),
      username: username ?? null,
      leaderState: channel.leaderState(),
      deliveries: await delivery.counts(),
    };
  }

  return {
    start,
    stop,
    drain,
    health,
    onReady,
    state: channel.state,
    /** The bot's name, known once the channel answered. */
    username: () => username,
  };
}
