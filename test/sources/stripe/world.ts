import { arrivingOf } from '../../../src/sources/arriving.ts';
import { createWorld, type World } from '../../support/world.ts';
import type { StripeTestEvent } from './events.ts';

/** A world that Stripe's events come into as they do by its webhook, once its signature was checked. */
export async function stripeWorld(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld({ startsAt: '2026-03-01T00:00:00Z', ...options });

  async function deliver(...events: StripeTestEvent[]): Promise<void> {
    for (const event of events) await receiveBody(world, 'stripe', JSON.stringify(event));
    await world.drain();
  }

  return Object.assign(world, { deliver });
}

/** Puts a body into the inbox as the door does. */
export async function receiveBody({ core, clock }: Pick<World, 'core' | 'clock'>, name: string, text: string) {
  const source = core.sources.list.find((one) => one.name === name);
  if (source === undefined) throw new Error(`no source ${name}`);
  const arriving = arrivingOf(source, Buffer.from(text), clock.now());
  if ('problem' in arriving) throw new Error(arriving.problem);
  return core.inbox.receive(arriving);
}
