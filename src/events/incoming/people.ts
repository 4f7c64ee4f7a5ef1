import { z } from 'zod';

import { isTimeZone } from '../../kernel/calendar.ts';
import { isCountry } from '../../kernel/country.ts';
import { basisPoints, idSchema, wholeFrom } from '../fields.ts';
import { eventIn } from './eventIn.ts';

export const ROLES = ['model', 'marketer', 'affiliate', 'manager'] as const;
export type Role = (typeof ROLES)[number];

const MOST_LINES = 8;

function billingText(longest: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(longest)
    .refine((text) => text.split('\n').length <= MOST_LINES, `must have at most ${MOST_LINES} lines`);
}

export const PEOPLE_IN = {
  'account.updated': eventIn({
    effect: `A person or business, with every field: an update replaces the whole. A change of \`capacity\` can start queued orders.

An event whose \`timestamp\` is more than 5 minutes after the service's clock at its arrival is quarantined: it would hold against every
version before that date, and a role that it gives could not be withdrawn. Replay it once that time has come, or send the account again with
the present time. What the owner of the service [has decided](api.md#people) about a role holds against every version. Managers are told of
everyone who becomes a manager, and who is none any more. Versions of campaigns and programs may be dated ahead: they are in force from
their date on, and a later one takes their place.`,
    fields: {
      accountId: idSchema.meta({
        description: 'Whose account it is: other events refer to it by this id.',
        examples: ['ava'],
      }),
      role: z.enum(ROLES).meta({
        description: 'Decides what the person may see and do in chat, and which balance is theirs.',
        examples: ['model'],
      }),
      name: z
        .string()
        .min(1)
        .max(200)
        .meta({
          description: 'What people call the account in messages, lists and documents.',
          examples: ['Ava'],
        }),
      timeZone: z
        .string()
        .refine(isTimeZone, 'must be an IANA time zone, as Europe/Berlin')
        .optional()
        .meta({
          'x-kind': 'IANA zone',
          description: 'In which the person reads times, and in which their quiet hours lie.',
          'x-default': "the platform's zone",
          examples: ['Europe/Berlin'],
        }),
      locale: z
        .string()
        .min(2)
        .max(35)
        .optional()
        .meta({
          description:
            'The language that the person is [written to in](chat.md#languages), unless they choose another, and how amounts and dates are written.',
          'x-default': 'what their chat says, or else English',
          examples: ['es-MX'],
        }),
      discountBps: basisPoints.optional().meta({
        description: "A model's own discount on every invoice from now on.",
        'x-default': 'the one by volume',
        examples: [300],
      }),
      /** Of none the escrow of each accepted order would be locked for ever. */
      capacity: wholeFrom(1, 1_000, 'orders')
        .optional()
        .meta({
          description: 'How many orders a marketer runs at a time; the others wait in the queue.',
          'x-default': "the policy's `orders.capacity`, which is no limit by default",
          examples: [5],
        }),
      billing: z
        .object({
          name: billingText(200)
            .optional()
            .meta({
              'x-kind': 'text',
              description: 'Who it is to those who tax them.',
              'x-default': "the account's `name`",
              examples: ['Ava Media Ltd'],
            }),
          address: billingText(500)
            .optional()
            .meta({
              'x-kind': 'text',
              description: 'Its lines one below the other, at most eight.',
              'x-default': 'none',
              examples: ['1 High Street\nDublin'],
            }),
          country: z
            .string()
            .refine(isCountry, 'must be an ISO 3166 code, as DE')
            .optional()
            .meta({ description: 'Of the address, as ISO 3166 has it.', 'x-default': 'none', examples: ['IE'] }),
          taxId: billingText(60)
            .optional()
            .meta({
              'x-kind': 'text',
              description:
                'Of a business that is registered for VAT. With one of another country the tax is owed by who gets the invoice.',
              'x-default': 'none: it is taken for none',
              examples: ['IE1234567FA'],
            }),
        })
        .optional()
        .meta({
          description: 'What [invoices and statements](books.md) say of the account beside its name.',
          'x-default': 'the name alone',
          examples: [{ name: 'Ava Media Ltd', country: 'IE' }],
        }),
    },
    example: { accountId: 'ava', role: 'model', name: 'Ava', timeZone: 'Europe/Berlin', locale: 'es-MX' },
  }),
};
