import { createDiscordBot, type DiscordBotDependencies } from '../../../bots/discord/bot.ts';
import type { Role } from '../../../src/events/catalogue.ts';
import { type DiscordStandIn, GUILD } from '../../support/discord.ts';
import { tell } from '../../support/events.ts';
import { createWorld } from '../../support/world.ts';

/** The Monday on which the invoices of week 47 are issued, at an hour at which everybody may be written to. */
export const MONDAY = new Date('2026-11-23T12:00:00Z');

const SHOW_INVOICE = '/invoice ';

export type DiscordWorld = Awaited<ReturnType<typeof createDiscordWorld>>;

/**
 * The key of a `noticeTo` that somebody got, or the words of anything else. The words name an invoice by its week, which
 * is the same for all of these; the key stands in the button that shows the invoice.
 */
export function keyTold({ text, buttons }: { text: string; buttons: { customId: string }[][] }): string {
  const shows = buttons.flat().find(({ customId }) => customId.startsWith(SHOW_INVOICE));
  return shows === undefined ? text : shows.customId.slice(SHOW_INVOICE.length);
}

/** The business with Discord bots on it, and its clock where a test puts it. */
export async function createDiscordWorld() {
  const world = await createWorld({ startsAt: MONDAY });
  const { core, connection } = world;
  const logged: string[] = [];
  const bots: { stop(): Promise<void> }[] = [];

  /** A person with an account, linked to a Discord user. */
  async function linked(accountId: string, role: Role, user: number, name = accountId): Promise<void> {
    await world.account(accountId, role, { name });
    await world.link(accountId, 'discord', user);
  }

  /** An order of ten fans at a dollar each, placed now. */
  async function placed(orderId: string, modelId: string, marketerId: string): Promise<void> {
    await world.send(tell.order(orderId, { placedAt: world.clock.now().toISOString(), modelId, marketerId }));
  }

  /** An event that could not be applied. */
  async function quarantined(eventId: string): Promise<void> {
    const body = JSON.stringify({ type: 'balance.topped_up', timestamp: MONDAY, data: { topUpId: eventId } });
    await core.inbox.receive({ id: eventId, type: 'balance.topped_up', timestamp: MONDAY, body, known: true });
    await connection
      .collection<{ _id: string }>('events')
      .updateOne({ _id: eventId }, { $set: { status: 'quarantined', error: 'account x is not known' } });
  }

  function bot(
    discord: Pick<DiscordStandIn, 'root' | 'token' | 'applicationId'>,
    changes: Partial<DiscordBotDependencies> = {},
  ) {
    const log = (text: string) => {
      logged.push(text);
    };
    const created = createDiscordBot({
      ...core,
      settings: {
        token: discord.token,
        applicationId: discord.applicationId,
        guildId: GUILD,
        apiRoot: discord.root,
      },
      run: core.runCommand,
      suggest: core.suggestArguments,
      log: { info: log, warn: log, error: log },
      ...changes,
    });
    bots.push(created);
    created.start();
    return created;
  }

  async function close(): Promise<void> {
    await Promise.all(bots.map((one) => one.stop()));
    await core.inbox.stop();
    await world.close();
  }

  return { ...world, core, logged, linked, placed, quarantined, bot, close };
}
