import type { Interaction } from 'discord.js';

import type { Accounts } from '../../src/accounts/accounts.ts';
import type { Arrival, ChatPerson, ParsedCommand, RunCommand, SuggestArguments } from '../../src/commands/commands.ts';
import { brokenOff } from '../../src/commands/core/answers.ts';
import type { Command } from '../../src/commands/core/command.ts';
import { pause, withTimeout } from '../../src/kernel/wait.ts';
import type { Limiter } from '../../src/notices/delivery/limiter.ts';
import { type Message, onePiece, shorten } from '../../src/notices/messages/message.ts';
import type { CallbackStore } from '../callbackStore.ts';
import type { ChannelConnection } from '../channel.ts';
import { type Admission, type Gate, type Sent, slowDown } from '../gate.ts';
import { type Api, CODES, type InteractionKey } from './api.ts';
import type { Download } from './attachment.ts';
import { render } from './render.ts';
import { parsedSlash } from './slash.ts';

export type HandleDependencies = {
  api: Pick<Api, 'acknowledge' | 'suggest' | 'answer' | 'channelErrorOf'>;
  run: RunCommand;
  suggest: SuggestArguments;
  download: Download;
  commands: readonly Command[];
  accounts: Pick<Accounts, 'markReachable'>;
  callbacks: CallbackStore;
  gate: Pick<Gate, 'admit'>;
  /** Until it is released, notices to this person wait. */
  hold: Limiter['hold'];
  channel: Pick<ChannelConnection, 'stopping' | 'turnOff' | 'speechTo' | 'answerOf' | 'warn'>;
};

/** Discord waits three seconds from its side; some of them pass on the way. */
const ACKNOWLEDGE_MS = 2_500;
/** A database that says nothing for so long lets everybody in: what they run then says that it does not work. */
const ADMIT_MS = 1_000;
/** An interaction can be answered for 15 minutes. */
const ANSWER_MS = 14 * 60_000;
const LONGEST_PAUSE_MS = 15_000;
const CHOICES = 25;
const CHOICE_LENGTH = 100;

/**
 * One interaction to its answer. It is acknowledged first, and what could not be acknowledged is not run: Discord
 * has told the person that it failed. Running one twice does nothing twice, because commands do not.
 */
export function createHandler(deps: HandleDependencies) {
  const { channel } = deps;

  async function handle(interaction: Interaction): Promise<void> {
    const receivedAt = performance.now();
    const { user, locale } = interaction;
    const person: ChatPerson = { channel: 'discord', userId: user.id, chatId: user.id, locale };
    const admission = await admit({ userId: person.userId, what: whatOf(interaction) });
    if (admission === 'dropped') return;
    if (admission === 'slow-down') {
      if (interaction.isChatInputCommand() || interaction.isButton())
        await tellToSlowDown(interaction, person, receivedAt);
      return;
    }
    if (interaction.isAutocomplete()) {
      const { name, value } = interaction.options.getFocused(true);
      return suggest(interaction, person, interaction.commandName, name === firstOption(interaction) ? value : null);
    }
    if (interaction.isChatInputCommand()) {
      const values = new Map(interaction.options.data.map((option) => [option.name, String(option.value ?? '')]));
      const command = parsedSlash(deps.commands, interaction.commandName, values);
      const attached = interaction.options.data.find(({ attachment }) => attachment != null)?.attachment;
      const arrival = attached == null ? {} : { file: () => deps.download(attached) };
      return answer(interaction, person, async () => command, receivedAt, arrival);
    }
    if (interaction.isButton()) {
      const read = async () => (await deps.callbacks.commandOf(interaction.customId)) ?? '/help';
      return answer(interaction, person, read, receivedAt, { isPress: true });
    }
  }

  async function admit(sent: Sent): Promise<Admission | undefined> {
    const [admission] = await withTimeout(ADMIT_MS, deps.gate.admit([sent]), 'no answer').catch(() => []);
    return admission;
  }

  async function tellToSlowDown(key: InteractionKey, person: ChatPerson, receivedAt: number): Promise<void> {
    if (!(await acknowledge(key, receivedAt))) return;
    await reply(key, person, slowDown(channel.speechTo(person)), receivedAt);
  }

  async function answer(
    key: InteractionKey,
    person: ChatPerson,
    read: () => Promise<string | ParsedCommand>,
    receivedAt: number,
    arrival: Arrival = {},
  ): Promise<void> {
    const release = deps.hold(person.chatId);
    try {
      await answerNow(key, person, read, receivedAt, arrival);
    } finally {
      release();
    }
  }

  /** What a command sets off is read after its answer. */
  async function answerNow(
    key: InteractionKey,
    person: ChatPerson,
    read: () => Promise<string | ParsedCommand>,
    receivedAt: number,
    arrival: Arrival,
  ): Promise<void> {
    if (!(await acknowledge(key, receivedAt))) return;
    const message = await channel.answerOf(person, async () => {
      await deps.accounts.markReachable('discord', person.userId, person.locale);
      return deps.run(person, await read(), arrival);
    });
    await reply(key, person, message, receivedAt);
  }

  /** Whether the interaction is ours to answer. */
  async function acknowledge(key: InteractionKey, receivedAt: number): Promise<boolean> {
    let reason = 'no answer in time';
    for (let attempt = 1; ; attempt += 1) {
      const left = ACKNOWLEDGE_MS - (performance.now() - receivedAt);
      if (left <= 0) {
        channel.warn(`discord: a person could not be answered in time: ${reason}`);
        return false;
      }
      try {
        // A first try without an answer must leave time for a second.
        await deps.api.acknowledge(key, AbortSignal.timeout(Math.ceil(attempt === 1 ? left / 2 : left)));
        return true;
      } catch (error) {
        const fault = deps.api.channelErrorOf(error);
        if (fault.kind === 'unauthorized') channel.turnOff();
        // By an earlier try of ours, or else by another process.
        if (fault.kind === 'refused') return fault.code === CODES.alreadyAcknowledged && attempt > 1;
        if (fault.kind !== 'throttled' && fault.kind !== 'failed') return false;
        reason = fault.kind === 'failed' ? fault.reason : 'told to wait';
        await pause(fault.kind === 'throttled' ? fault.retryAfterMs : 100, channel.stopping);
      }
    }
  }

  /** The person waits and the command has run: so we try for as long as Discord takes an answer. */
  async function reply(key: InteractionKey, person: ChatPerson, message: Message, receivedAt: number): Promise<void> {
    let toSay = message;
    for (let attempt = 1; performance.now() - receivedAt < ANSWER_MS; attempt += 1) {
      try {
        const { body, files, callbacks } = render(toSay);
        await deps.callbacks.storeCallbacks(callbacks);
        return await deps.api.answer(key, body, files);
      } catch (error) {
        const fault = deps.api.channelErrorOf(error);
        if (fault.kind === 'unauthorized') return channel.turnOff();
        if (fault.kind === 'refused' || fault.kind === 'unreachable') {
          channel.warn(`discord: an answer was refused: ${fault.reason}`);
          if (toSay !== message || isOver(fault)) return;
          toSay = brokenOff(channel.speechTo(person));
        } else {
          await pause(
            fault.kind === 'throttled' ? fault.retryAfterMs : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempt),
            channel.stopping,
          );
        }
        if (channel.stopping.aborted) return;
      }
    }
    channel.warn('discord: an answer could not be sent');
  }

  async function suggest(key: InteractionKey, person: ChatPerson, name: string, typed: string | null): Promise<void> {
    try {
      const found = typed === null ? [] : await deps.suggest(person, name, typed);
      const choices = found
        .filter(({ value }) => value.length > 0 && value.length <= CHOICE_LENGTH)
        .slice(0, CHOICES)
        .map((one) => ({ name: shorten(onePiece(one.name), CHOICE_LENGTH), value: one.value }));
      await deps.api.suggest(key, choices, AbortSignal.timeout(ACKNOWLEDGE_MS));
    } catch (error) {
      // The person types on, and is asked again with the next letter.
      const fault = deps.api.channelErrorOf(error);
      if (fault.kind === 'unauthorized') channel.turnOff();
    }
  }

  return handle;
}

function whatOf(interaction: Interaction): Sent['what'] {
  if (interaction.isAutocomplete()) return 'typing';
  return interaction.isChatInputCommand() && interaction.commandName === 'link' ? 'code' : 'said';
}

function isOver(fault: { kind: string; code?: number }): boolean {
  return fault.code === CODES.unknownWebhook || fault.code === CODES.invalidWebhookToken;
}

/** Only the first argument has suggestions. */
function firstOption(interaction: { options: { data: readonly { name: string }[] } }): string | undefined {
  return interaction.options.data[0]?.name;
}
