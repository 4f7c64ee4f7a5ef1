import type { DiscordMessage, DiscordStandIn } from '../../support/discord.ts';
import type { ShownFile } from '../../support/httpBody.ts';
import type { StandInMessage, TelegramStandIn } from '../../support/telegram.ts';
import type { Cast } from '../demo.ts';
import { createStage, type Person, type Stage } from '../stage.ts';

/** A message as it read in somebody's chat from `at`, by the service's clock, until it was edited or for good. */
export type Reading = {
  place: 'telegram' | 'discord';
  person: Person;
  messageId: string;
  at: string;
  from: 'bot' | 'person';
  /** What was said, in Telegram's HTML or Discord's Markdown. */
  marked: string;
  embeds: Record<string, unknown>[];
  files: ShownFile[];
  buttons: string[][];
  /** Only the person sees it. */
  ephemeral: boolean;
  /** What it answers, where the chat shows that. */
  answers: Question | null;
  /** The button that the person pressed while it read so. */
  pressed: string | null;
};

/** A slash command, or a button of a message. */
export type Question = { command: string } | { messageId: string };

type Recorded = Omit<Reading, 'place' | 'person' | 'at' | 'pressed'>;

/** A stage like any other that also writes down what everybody sees on it, in the order in which it came. */
export function createRecordedStage(
  cast: Cast,
  people: Person[],
  begin: string,
): { stage: Stage; readings: Reading[] } {
  const readings: Reading[] = [];
  const questions = new Map<string, Question>();
  let now = begin;

  const telegram: TelegramStandIn = {
    ...cast.telegram,
    press: (chat, messageId, label) => {
      markPressed('telegram', String(messageId), label);
      return cast.telegram.press(chat, messageId, label);
    },
  };
  const discord: DiscordStandIn = {
    ...cast.discord,
    slash: (user, name, given, how) => asked(cast.discord.slash(user, name, given, how), { command: name }),
    press: (user, messageId, label) => {
      markPressed('discord', messageId, label);
      return asked(cast.discord.press(user, messageId, label), { messageId });
    },
  };
  const stage = createStage({ service: cast.service, telegram, discord, people });

  function asked(interaction: string, question: Question): string {
    questions.set(interaction, question);
    return interaction;
  }

  function latest(place: Reading['place'], messageId: string): Reading | undefined {
    return readings.findLast((reading) => reading.place === place && reading.messageId === messageId);
  }

  function markPressed(place: Reading['place'], messageId: string, label: string): void {
    const reading = latest(place, messageId);
    if (reading === undefined) throw new Error(`${label} is pressed on a message that nobody has seen`);
    reading.pressed = reading.buttons.flat().find((one) => one.startsWith(label)) ?? null;
  }

  function look(): void {
    for (const person of people) {
      for (const message of telegram.messages(person.chat)) write('telegram', person, fromTelegram(message));
      if (person.discord === undefined) continue;
      for (const message of discord.messages(person.discord)) {
        if (!message.thinking) write('discord', person, fromDiscord(message, questions));
      }
    }
  }

  function write(place: Reading['place'], person: Person, recorded: Recorded): void {
    const before = latest(place, recorded.messageId);
    if (before !== undefined && appearance(before) === appearance(recorded)) return;
    readings.push({ place, person, at: now, pressed: null, ...recorded });
  }

  function watched<A extends unknown[]>(act: (...given: A) => Promise<void>): (...given: A) => Promise<void> {
    return async (...given) => {
      await act(...given);
      look();
    };
  }

  return {
    readings,
    stage: {
      send: watched(stage.send),
      moveTo: watched(async (at) => {
        now = at;
        await stage.moveTo(at);
      }),
      say: watched(stage.say),
      ask: stage.ask,
      press: watched(stage.press),
      link: watched(stage.link),
      linkUnseen: watched(stage.linkUnseen),
      linkDiscord: watched(stage.linkDiscord),
      slash: watched(stage.slash),
      pressInDiscord: watched(stage.pressInDiscord),
    },
  };
}

function appearance({ marked, embeds, buttons }: Recorded): string {
  return JSON.stringify([marked, embeds, buttons]);
}

function fromTelegram({ messageId, from, html, files = [], buttons }: StandInMessage): Recorded {
  return {
    messageId: String(messageId),
    from,
    marked: html,
    embeds: [],
    files,
    buttons: labelsOf(buttons),
    ephemeral: false,
    answers: null,
  };
}

function fromDiscord(message: DiscordMessage, questions: Map<string, Question>): Recorded {
  const { messageId, from, content, embeds, files, buttons, ephemeral, interaction } = message;
  return {
    messageId,
    from,
    marked: content,
    embeds,
    files,
    buttons: labelsOf(buttons),
    ephemeral,
    answers: interaction === null ? null : (questions.get(interaction) ?? null),
  };
}

function labelsOf(buttons: { label: string }[][]): string[][] {
  return buttons.map((row) => row.map(({ label }) => label));
}
