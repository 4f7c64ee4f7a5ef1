import type { DiscordStandIn } from '../support/discord.ts';
import { eventually } from '../support/eventually.ts';
import type { PlatformEvent } from '../support/platform.ts';
import type { TestService } from '../support/service.ts';
import type { TelegramStandIn } from '../support/telegram.ts';
import { type Shown, show } from './show.ts';

/** Somebody with a chat. `chat` is their Telegram id, `discord` their Discord id. */
export type Person = { accountId: string; name: string; role: string; chat: number; discord?: string };

/** The last so many milliseconds that a message may take to come. */
const PATIENCE_MS = 20_000;

export type Stage = ReturnType<typeof createStage>;

/** What the story is told with: events sent, the clock moved, people at their chats. Shows what they see. */
export function createStage(deps: {
  service: TestService;
  telegram: TelegramStandIn;
  discord: DiscordStandIn;
  people: Person[];
}) {
  const { service, telegram, discord, people } = deps;
  /** How each message read when it was last shown. */
  const shown = new Map<string, string>();

  /** Sends events as the platform does, and shows what people are told of it. */
  async function send(...events: PlatformEvent[]): Promise<void> {
    await service.send(...events);
    showNew();
  }

  async function moveTo(at: string): Promise<void> {
    await service.moveTo(at);
    showNew();
  }

  /** A person types something and reads the answer. `secret` is not shown. */
  async function say(person: Person, text: string, secret = ''): Promise<void> {
    await answered(person, 1, () => telegram.say(person.chat, text));
    showNew(person, secret);
  }

  /** A person presses the button of a command, named by how that begins, of the last message that has it, `times` in a row, and reads the answers. */
  async function press(person: Person, command: string, times = 1): Promise<void> {
    const [found] = telegram
      .fromBot(person.chat)
      .flatMap(({ messageId, buttons }) => buttons.flat().map((button) => ({ messageId, button })))
      .filter(({ button }) => button.data.startsWith(command))
      .slice(-1);
    if (found === undefined) throw new Error(`${person.name} has no button ${command}`);
    const { messageId, button } = found;
    show.press(person.name, button.label, times);
    await answered(person, times, () => {
      for (let time = 0; time < times; time += 1) telegram.pressData(person.chat, messageId, button.data);
    });
    showNew(person);
  }

  /** Gets a code from the API, as the platform's page would, and sends it from the person's chat. */
  async function link(person: Person): Promise<void> {
    const code = await linkCode(person);
    await say(person, `/start ${code}`, code);
  }

  /** The same, with nothing shown of it. */
  async function linkUnseen(person: Person): Promise<void> {
    const code = await linkCode(person);
    await answered(person, 1, () => telegram.say(person.chat, `/start ${code}`));
    for (const { id, message } of seenBy(person)) shown.set(id, readingOf(message));
  }

  /** A person types something, and what the bot answers is returned, with nothing shown of it. */
  async function ask(person: Person, text: string): Promise<string> {
    await answered(person, 1, () => telegram.say(person.chat, text));
    for (const { id, message } of seenBy(person)) shown.set(id, readingOf(message));
    return telegram.fromBot(person.chat).at(-1)?.text ?? '';
  }

  async function linkCode({ accountId }: Person): Promise<string> {
    return (await service.api('POST', `/v1/accounts/${accountId}/link-codes`)).body.code;
  }

  async function answered(person: Person, count: number, act: () => void): Promise<void> {
    const before = telegram.fromBot(person.chat).length;
    act();
    await eventually(() => telegram.fromBot(person.chat).length >= before + count, {
      withinMs: PATIENCE_MS,
      what: `an answer for ${person.name}`,
    });
    await service.api('POST', '/test/settle');
  }

  /** Links a person's Discord, too, with nothing shown of it. */
  async function linkDiscord(person: Person): Promise<void> {
    const code = await linkCode(person);
    await discordAnswer(person, discord.slash(discordOf(person), 'link', { code }));
    for (const { id, message } of seenBy(person)) shown.set(id, readingOf(message));
  }

  /** A person sends a slash command in Discord and reads the answer. */
  async function slash(person: Person, name: string, options: Record<string, string> = {}): Promise<void> {
    await discordAnswer(person, discord.slash(discordOf(person), name, options));
    showNew(person);
  }

  /** The same in Discord, once. */
  async function pressInDiscord(person: Person, command: string): Promise<void> {
    const [found] = discord
      .fromBot(discordOf(person))
      .flatMap((message) => message.buttons.flat().map((button) => ({ message, button })))
      .filter(({ button }) => button.customId.startsWith(command))
      .slice(-1);
    if (found === undefined) throw new Error(`${person.name} has no button ${command} in Discord`);
    const { message, button } = found;
    show.press(`${person.name}, in Discord,`, button.label, 1);
    await discordAnswer(person, discord.pressId(discordOf(person), message, button.customId));
    showNew(person);
  }

  async function discordAnswer(person: Person, interaction: string): Promise<void> {
    await eventually(() => discord.answerTo(interaction) !== undefined, {
      withinMs: PATIENCE_MS,
      what: `an answer for ${person.name} in Discord`,
    });
    await service.api('POST', '/test/settle');
  }

  /** What is new in all chats, that of whoever acted first, and what reads differently there. */
  function showNew(actor?: Person, secret = ''): void {
    for (const person of [...people].sort((a, b) => Number(b === actor) - Number(a === actor))) {
      const changed = seenBy(person).filter(({ id, message }) => shown.get(id) !== readingOf(message));
      for (const { id, place, message } of changed.filter((one) => !shown.has(one.id))) {
        show.message(`${person.name}${place}`, message, secret);
        shown.set(id, readingOf(message));
      }
      for (const { id, place, message } of changed.filter((one) => shown.get(one.id) !== readingOf(one.message))) {
        show.edited(`${person.name}${place}`, message);
        shown.set(id, readingOf(message));
      }
    }
  }

  /** Everything that a person has in their chats. */
  function seenBy({ chat, discord: user }: Person): { id: string; place: string; message: Shown }[] {
    const inDiscord = user === undefined ? [] : discord.messages(user).filter(({ thinking }) => !thinking);
    return [
      ...telegram.messages(chat).map((message) => ({ id: `telegram ${message.messageId}`, place: '', message })),
      ...inDiscord.map((message) => ({ id: `discord ${message.messageId}`, place: ', in Discord', message })),
    ];
  }

  return { send, moveTo, say, ask, press, link, linkUnseen, linkDiscord, slash, pressInDiscord };
}

function readingOf({ text, buttons }: Shown): string {
  return JSON.stringify([text, buttons]);
}

function discordOf({ name, discord }: Person): string {
  if (discord === undefined) throw new Error(`${name} is not in Discord`);
  return discord;
}
