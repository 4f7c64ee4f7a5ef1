import type { Role } from '../../src/events/catalogue.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { tell } from '../support/events.ts';
import { noticesOf } from '../support/notices.ts';
import { createWorld } from '../support/world.ts';
import { chatsOf, text } from './world.ts';

export type OrderWorld = Awaited<ReturnType<typeof createOrderWorld>>;

/** The business with people at their chats; orders and fans come as the platform's events do. */
export async function createOrderWorld(startsAt = '2026-03-02T09:00:00Z') {
  const world = await createWorld({ startsAt });
  let people = 0;
  let placed = 0;
  let fans = 0;

  /** A person of a role, linked in Telegram and Discord. */
  async function person(accountId: string, role: Role, more: Record<string, unknown> = {}) {
    await world.send(tell.account(accountId, role, more));
    people += 1;
    return { accountId, ...(await chatsOf(world, accountId, 8_000 + people)) };
  }

  /** An order of `client` with `marketer`, placed now; ten fans at a dollar each unless told. */
  async function place(client: string, marketer: string, more: Record<string, unknown> = {}): Promise<string> {
    placed += 1;
    const orderId = `o${String(placed).padStart(3, '0')}`;
    const sides = { modelId: client, marketerId: marketer };
    await world.send(tell.order(orderId, { placedAt: world.clock.now().toISOString(), ...sides, ...more }));
    return orderId;
  }

  /** So many fans come through an order's link. */
  async function bring(orderId: string, count: number, more: Record<string, unknown> = {}): Promise<void> {
    const at = world.clock.now().toISOString();
    const events = Array.from({ length: count }, () => {
      fans += 1;
      return tell.fan(`s${fans}`, orderId, at, more);
    });
    await world.send(...events);
  }

  async function topUp(accountId: string, amount: number): Promise<void> {
    people += 1;
    await world.send(tell.topUp(`t${people}`, accountId, amount));
  }

  async function order(orderId: string) {
    const found = await world.core.orders.get(orderId, world.clock.now());
    if (found === null) throw new Error(`there is no order ${orderId}`);
    return found;
  }

  /** What a person was told, in order, as it would be read. */
  async function told(accountId: string): Promise<string[]> {
    const found = await noticesOf(world.core, { accountId, channel: 'telegram' });
    return found.map(({ content }) => text(noticeMessage(content, { timeZone: 'UTC', currency: 'USD' })).trim());
  }

  async function trail(subject: string) {
    return (await world.core.audit.list({ subject, limit: 50 })).items;
  }

  return { world, person, place, bring, topUp, order, told, trail, close: world.close };
}
