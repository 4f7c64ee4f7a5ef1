import type { Channel } from '../src/accounts/account.ts';
import { brokenOff } from '../src/commands/core/answers.ts';
import { type ChatPerson, displayOfChat } from '../src/commands/core/command.ts';
import type { Leases } from '../src/database/lease.ts';
import type { BotCheck } from '../src/kernel/checks.ts';
import { messageOf } from '../src/kernel/errors.ts';
import type { LeaderState } from '../src/notices/delivery/delivery.ts';
import type { Message } from '../src/notices/messages/message.ts';
import { type DisplayContext, type Speech, speechOf } from '../src/texts/speech.ts';
import { createLeaderLease } from './leaderLease.ts';

export type Log = { info(text: string): void; warn(text: string): void; error(text: string): void };

/** A channel by its name in data and logs, and as people write it. */
export type ChannelName = { name: Channel; title: string };

export type ChannelConnection = ReturnType<typeof createChannel>;

/**
 * How a bot stands with its channel, for every part of the bot: whether it is on, whether this process has the role, and
 * one line in the log when that changes. Trouble with a channel never stops the service.
 */
export function createChannel(
  { name, title }: ChannelName,
  { leases, log, platform }: { leases: Leases; log: Log; platform: DisplayContext },
) {
  const warn = (text: string) => log.warn(text);
  const lease = createLeaderLease(leases, name, warn);
  const stopping = new AbortController();
  // It is `off` for good when the channel refuses the token.
  let state: BotCheck = 'connecting';
  let isTroubled = false;

  function leaderState(): LeaderState {
    if (state !== 'on') return 'off';
    return lease.isHeld() ? 'active' : 'standby';
  }

  function turnOn(announcement: string): void {
    state = 'on';
    log.info(`${name}: ${announcement}`);
  }

  /** The channel refuses the token. */
  function turnOff(): void {
    if (state === 'off' || state === 'stopped') return;
    state = 'off';
    const token = `${name.toUpperCase()}_BOT_TOKEN`;
    log.error(`${name}: ${title} refuses ${token}, so the bot is off; everything else goes on`);
  }

  function beginStop(): void {
    if (state !== 'off') state = 'stopped';
    stopping.abort();
  }

  /** Said once for each outage. */
  function reportTrouble(reason: string): void {
    if (!isTroubled) warn(`${name}: not reachable, will go on trying: ${reason}`);
    isTroubled = true;
  }

  function reportRecovery(): void {
    if (isTroubled) log.info(`${name}: connected again`);
    isTroubled = false;
  }

  /** How the bot itself speaks to somebody, whatever their account says. */
  function speechTo(person: ChatPerson): Speech {
    return speechOf(displayOfChat(person, platform));
  }

  /** The answer to a command; when making it fails, the words that say so. */
  async function answerOf(person: ChatPerson, work: () => Promise<Message>): Promise<Message> {
    try {
      return await work();
    } catch (error) {
      warn(`${name}: a command failed: ${messageOf(error)}`);
      return brokenOff(speechTo(person));
    }
  }

  return {
    name,
    lease,
    stopping: stopping.signal,
    state: () => state,
    isOn: () => state === 'on' && !stopping.signal.aborted,
    leaderState,
    turnOn,
    turnOff,
    beginStop,
    reportTrouble,
    reportRecovery,
    speechTo,
    answerOf,
    warn,
  };
}
