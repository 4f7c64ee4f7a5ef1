import { z } from '@hono/zod-openapi';

import { instantSchema, writtenInstant } from '../../src/events/fields.ts';
import { EVENT_TYPES, EVENTS_IN, type PlatformEventType } from '../../src/events/incoming.ts';
import { EVENTS_OUT } from '../../src/events/outgoing.ts';

/**
 * The events in and the webhooks out as the description shows them, made of the one catalogue. They are made once, because
 * their names are taken from then on.
 */

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .optional()
  .meta({ description: "Must be the platform's, where it is there at all.", examples: ['USD'] });

function eventIn(type: PlatformEventType) {
  const { fields, effect, example } = EVENTS_IN[type];
  return z
    .object({
      type: z.literal(type),
      timestamp: instantSchema.meta({ description: 'When it happened.' }),
      data: z.object({ ...fields, ...('currency' in fields ? {} : { currency }) }),
    })
    .meta({
      id: `${nameOf(type)}Event`,
      description: servedLinks(effect),
      examples: [{ type, timestamp: '2026-11-23T09:00:00Z', data: example }],
    });
}

const eventsIn = EVENT_TYPES.map(eventIn);
const [first, ...others] = eventsIn;
if (first === undefined) throw new RangeError('the catalogue has no events');

/** An event of a known type. Those of other types are stored, too, and have no effect. */
export const platformEvent = z.discriminatedUnion('type', [first, ...others]).meta({
  id: 'PlatformEvent',
  description: 'By `type`. An event of a type that is not listed is stored and ignored.',
});

/** Every webhook to the platform: its type, when it is sent, and what it carries. */
export const webhooksOut = EVENTS_OUT.flatMap(({ subject, about, data, example, types }) =>
  Object.entries<{ when: string; example?: object }>(types).map(([type, { when, example: changes }]) => ({
    type,
    operationId: `on${nameOf(type)}`,
    when: servedLinks(`${when.charAt(0).toUpperCase()}${when.slice(1)}.`),
    about: servedLinks(about.replace(/:$/, '.')),
    schema: z
      .object({
        type: z.literal(type),
        timestamp: writtenInstant.meta({ description: 'When it happened, by effective time.' }),
        subject: z.string().meta({ description: 'What it is about: webhooks of one subject come in order.' }),
        sequence: z.int().min(1).meta({ description: 'Its number among those of its subject, from 1, without a gap.' }),
        data,
      })
      .meta({
        id: `${nameOf(type)}Webhook`,
        examples: [
          { type, timestamp: '2026-11-23T06:00:00.000Z', subject, sequence: 1, data: { ...example, ...changes } },
        ],
      }),
  })),
);

/** `AccountUpdated` of `account.updated`. */
function nameOf(type: string): string {
  return type.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A link between the documents leads to the page that serves them. */
function servedLinks(markdown: string): string {
  return markdown.replace(
    /\]\(([a-z]+)\.md(#[^)]*)?\)/g,
    (_, name: string, heading = '') => `](/docs/${name}${heading})`,
  );
}
