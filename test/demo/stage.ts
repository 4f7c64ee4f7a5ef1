import type { PlatformEvent } from '../support/platform.ts';
import type { TestService } from '../support/service.ts';
import type { TelegramStandIn } from '../support/telegram.ts';
import { show } from './show.ts';

/** Somebody with a chat. `chat` is their Telegram id. */
export type Person = { accountId: string; name: string; role: string; chat: number };

/** The last so many milliseconds that a message may take to come. */
const PATIENCE_MS = 20_000;

export type Stage = ReturnType<typeof createStage>;

/** What the story is told with: events sent, the clock moved, people at their chats. Shows what they see. */
export function createStage(deps: { service: TestService; telegram: TelegramStandIn; people: Person[] }) {
  const { service, telegram, people } = deps;
  const shown = new Map<number, number>();

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

  /** A person presses a button of the last message that has it, `times` in a row, and reads the answers. */
  async function press(person: Person, label: string, times = 1): Promise<void> {
    const message = telegram
      .fromBot(person.chat)
      .findLast(({ buttons }) => buttons.flat().some((button) => button.label.startsWith(label)));
    if (message === undefined) throw new Error(`${person.name} has no button ${label}`);
    const whole = message.buttons.flat().find((button) => button.label.startsWith(label))?.label ?? label;
    show.press(person.name, whole, times);
    await answered(person, times, () => {
      for (let time = 0; time < times; time += 1) telegram.press(person.chat, message.messageId, label);
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
    shown.set(person.chat, telegram.messages(person.chat).length);
  }

  async function linkCode({ accountId }: Person): Promise<string> {
    return (await service.api('POST', `/v1/accounts/${accountId}/link-codes`)).body.code;
  }

  async function answered(person: Person, count: number, act: () => void): Promise<void> {
    const before = telegram.fromBot(person.chat).length;
    act();
    await until(() => telegram.fromBot(person.chat).length >= before + count, `${person.name} gets no answer`);
    await service.api('POST', '/test/settle');
  }

  /** What is new in all chats, that of whoever acted first. */
  function showNew(actor?: Person, secret = ''): void {
    for (const person of [...people].sort((a, b) => Number(b === actor) - Number(a === actor))) {
      const messages = telegram.messages(person.chat);
      for (const message of messages.slice(shown.get(person.chat) ?? 0)) show.message(person.name, message, secret);
      shown.set(person.chat, messages.length);
    }
  }

  return { send, moveTo, say, press, link, linkUnseen };
}

/** Polls for something that comes by itself. */
export async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
