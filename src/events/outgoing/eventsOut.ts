import type { z } from 'zod';

/**
 * A family of webhooks to the platform that carry the same data: what they are about, in whose order they come, what `data`
 * is (Markdown, with links as from docs/), and when each type is sent. `example` is the data of one; a type may change some of it.
 */
export type EventsOut<Data extends z.ZodObject = z.ZodObject, Types extends string = string> = {
  title: string;
  /** As `order:order-1`: what `subject` is in the example. */
  subject: string;
  about: string;
  data: Data;
  example: z.input<Data>;
  types: Record<Types, { when: string; example?: Partial<z.input<Data>> }>;
};

/** Names the fields and types for the compiler, so that the code that emits webhooks is held to them. */
export function eventsOut<Data extends z.ZodObject, Types extends string>(
  events: EventsOut<Data, Types>,
): EventsOut<Data, Types> {
  return events;
}
