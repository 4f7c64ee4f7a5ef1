import { createTelegramBot, type TelegramBotDependencies } from '../../bots/telegram/bot.ts';
import { createBotStore } from '../../bots/telegram/store.ts';
import type { Role } from '../../src/events/catalogue.ts';
import type { Notice } from '../../src/notices/notices.ts';
import type { StandInMessage, TelegramStandIn } from '../support/telegram.ts';
import { createWorld, PLATFORM, throwIt } from '../support/world.ts';

/** Monday, the moment the invoices of week 47 are issued. */
export const MONDAY = new Date('2026-11-23T06:00:00Z');

const SHOW_INVOICE = '/invoice ';

export type BotWorld = Awaited<ReturnType<typeof createBotWorld>>;

type BotWorldOptions = Pick<NonNullable<Parameters<typeof createWorld>[0]>, 'server' | 'onError' | 'environment'>;

/** The business with Telegram bots on it, and its clock where a test puts it. */
export async function createBotWorld({ server, environment, onError = throwIt }: BotWorldOptions = {}) {
  // Nobody wants quiet: what these tests send is to arrive at once.
  const notices = { quietFrom: '00:00', quietUntil: '00:00' };
  const world = await createWorld({
    ...{ startsAt: MONDAY, environment: { ...PLATFORM, ...environment }, policy: { notices } },
    ...{ onError, server },
  });
  const { core, connection } = world;
  const logged: string[] = [];
  const bots: { stop(): Promise<void> }[] = [];

  /** A person with an account, linked to a Telegram chat of this id. */
  async function linked(accountId: string, role: Role, chat: number, more: { name?: string; timeZone?: string } = {}) {
    await world.account(accountId, role, more);
    await world.link(accountId, 'telegram', chat);
  }

  function bot(telegram: Pick<TelegramStandIn, 'root' | 'token'>, changes: Partial<TelegramBotDependencies> = {}) {
    const log = (text: string) => {
      logged.push(text);
    };
    const created = createTelegramBot({
      ...core,
      settings: { token: telegram.token, apiRoot: telegram.root },
      run: core.runCommand,
      log: { info: log, warn: log, error: log },
      ...changes,
    });
    bots.push(created);
    created.start();
    return created;
  }

  async function close(): Promise<void> {
    await Promise.all(bots.map((one) => one.stop()));
    await world.close();
  }

  createBotStore(connection, 'for its indexes');
  await world.database.buildIndexes();
  return {
    ...core,
    ...world,
    core,
    invoices: core.invoicing.invoices,
    run: core.runCommand,
    logged,
    linked,
    bot,
    close,
  };
}

/** A small notice, for tests that count messages. */
export function noticeTo(accountId: string, key: string): Notice {
  return {
    key,
    accountId,
    kind: 'invoice.paid',
    data: { invoiceId: key, week: '2026-W47', total: 4_108, paidAt: MONDAY, balance: 0, by: 'top-up' },
    urgent: false,
    at: MONDAY,
  };
}

/**
 * By which key somebody was told a `noticeTo`, or what they read if it is something else. Messages name an invoice by its week, the same for all
 * of these; the key stands in the button that shows the invoice.
 */
export function keyTold({ text, buttons }: Pick<StandInMessage, 'text' | 'buttons'>): string {
  const shows = buttons.flat().find(({ data }) => data.startsWith(SHOW_INVOICE));
  return shows === undefined ? text : shows.data.slice(SHOW_INVOICE.length);
}
