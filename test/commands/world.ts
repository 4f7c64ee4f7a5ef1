import type { Role } from '../../src/events/catalogue.ts';
import { withoutMarks } from '../../src/notices/messages/marks.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { confirmingButton } from '../support/confirmation.ts';
import { createWorld, PLATFORM, type PolicyChanges, throwIt, type World } from '../support/world.ts';

export type LateWorld = Awaited<ReturnType<typeof createLateWorld>>;

/** The business with late payers in it; its clock stands where a test puts it. */
export async function createLateWorld(
  startsAt = '2026-03-16T06:00:00Z',
  environment: Record<string, string> = {},
  policy: PolicyChanges = {},
) {
  const world = await createWorld({ startsAt, environment: { ...PLATFORM, ...environment }, policy, onError: throwIt });
  const { core, clock } = world;
  let people = 0;

  /** A person of a role, linked to a chat of each channel; what they type or press in Telegram is answered. */
  async function person(accountId: string, role: Role, more: { name?: string; timeZone?: string } = {}) {
    await world.account(accountId, role, more);
    people += 1;
    return { accountId, ...(await chatsOf(world, accountId, 7_000 + people)) };
  }

  /** An invoice over so many cents. */
  function issue(modelId: string, week: string, total: number): Promise<string> {
    const sums = [
      { campaignId: 'A', contractorId: 'c', type: 'tip', count: 1, gross: total, rateBps: 10_000, late: 0 } as const,
    ];
    return world.issue(modelId, week, { sums, ownDiscountBps: 0 });
  }

  /** Moves on, and does what is due on the way, each thing at its own instant. */
  async function moveTo(at: string): Promise<void> {
    const end = new Date(at);
    for (;;) {
      const next = await core.standing.dunning.nextDue();
      if (next === null || next > end) break;
      if (next > clock.now()) clock.pin(next);
      await core.standing.dunning.run(clock.now());
    }
    clock.pin(end);
  }

  /** What was recorded, but for how its chats came to be linked here. */
  async function trail(subject: string) {
    const { items } = await core.audit.list({ subject, limit: 50 });
    return items.filter(({ action }) => action !== 'chat.linked' && action !== 'account.link-code');
  }

  return { ...world, core, person, become: world.account, issue, moveTo, trail };
}

/** Links a person to a chat of each channel; what they type or press there is answered. */
export async function chatsOf({ link, core }: World, accountId: string, user: number) {
  const userId = String(user);
  await link(accountId, 'telegram', userId);
  await link(accountId, 'discord', userId);
  const chat = { channel: 'telegram' as const, userId, chatId: userId };
  const type = (typed: string) => core.runCommand(chat, typed);
  const inDiscord = (typed: string) => core.runCommand({ ...chat, channel: 'discord' }, typed);
  const run = (command: string) => core.runCommand(chat, command, { isPress: true });
  const press = (message: Message, label: string) => run(buttonOf(message, label));
  /** Presses the button that acts, of a question that was asked before something that cannot be undone. */
  const confirm = (question: Message) => run(confirmingButton(question).command);
  const confirmed = async (typed: string) => confirm(await type(typed));
  const suggested = (name: string, typed: string) => core.suggestArguments(chat, name, typed);
  return { userId, type, inDiscord, press, confirm, confirmed, suggested };
}

export function text(message: Message): string {
  return [
    message.title ?? '',
    ...message.paragraphs,
    ...(message.table?.rows ?? []).map((row) => row.join(' · ')),
    ...facts(message).map((fact) => fact.join(': ')),
    message.footer ?? '',
  ]
    .map(withoutMarks)
    .join('\n');
}

/** The facts of a message as they are read where nothing is marked. */
export function facts(message: Message): [label: string, value: string][] {
  return (message.facts ?? []).map(([label, value]) => [withoutMarks(label), withoutMarks(value)]);
}

export function labels(message: Message): string[] {
  return message.buttons.flat().map(({ label }) => label);
}

/** The command of the button with this label, or of the first whose label begins so. */
export function buttonOf(message: Message, label: string): string {
  const found = message.buttons.flat().find((button) => button.label.startsWith(label));
  if (found === undefined) throw new Error(`no button ${label} among: ${labels(message).join(', ')}`);
  return found.command ?? found.url ?? found.app ?? '';
}
