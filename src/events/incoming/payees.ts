import { z } from 'zod';

import { isInSepa, isQrIban, readBic, readIban, readTronAddress } from '../../kernel/accountNumbers.ts';
import { isCurrency } from '../../kernel/money.ts';
import { idSchema, numberField } from '../fields.ts';
import { eventIn, type FieldRule } from './eventIn.ts';

/** How a payee is paid. */
export const PAYEE_METHODS = ['sepa', 'wise', 'paypal', 'usdt-trc20', 'other'] as const;
export type PayeeMethod = (typeof PAYEE_METHODS)[number];

/** What a bank's file takes as a name (pain.001, SEPA). */
const LONGEST_NAME = 70;
/** Letters of the Latin script, with or without accents, and signs that banks take or that can be written with those. */
const BANK_NAME = /^[\p{Script=Latin}\p{M}0-9 .,'’`´()/:?+&_–-]*$/u;
const HAS_LETTER = /\p{Script=Latin}/u;

const name = z
  .string()
  .transform((text) => text.replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(LONGEST_NAME, `must be at most ${LONGEST_NAME} characters, as a bank takes it`)
      .refine((text) => BANK_NAME.test(text), 'must be in Latin letters, as the account is held')
      .refine((text) => HAS_LETTER.test(text), 'must have letters'),
  );

/** The fields of a payee, whatever its method: PAYEE_RULES say which belong together. */
export const PAYEE_FIELDS = {
  method: z.enum(PAYEE_METHODS).meta({
    description: 'How the account is paid. Each method has fields of its own, and takes no others.',
    examples: ['sepa'],
  }),
  name: name.optional().meta({
    'x-kind': 'text',
    description:
      'Who holds the account at the bank, in Latin letters, at most 70 characters. `sepa` and `wise` need it; banks compare it with the account.',
    'x-default': 'none',
    examples: ['Kim Meyer'],
  }),
  iban: numberField(64, readIban)
    .optional()
    .meta({
      description:
        'Checked: country, length, form and check digits. Spaces and small letters are taken. `sepa` needs one of the SEPA area; `wise` takes any.',
      'x-default': 'none',
      examples: ['DE89 3704 0044 0532 0130 00'],
    }),
  bic: numberField(32, readBic)
    .optional()
    .meta({ description: '`sepa`: of 8 or 11 characters.', 'x-default': 'none', examples: ['COBADEFFXXX'] }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two letters of ISO 3166, as DE')
    .optional()
    .meta({
      description: '`sepa`: where the payee lives, for banks that ask for it.',
      'x-default': 'none',
      examples: ['DE'],
    }),
  email: z
    .email('must be an email address')
    .max(254)
    .optional()
    .meta({ description: '`paypal` needs it; `wise` takes it.', 'x-default': 'none', examples: ['kim@example.com'] }),
  recipientId: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1-64 of A-Z a-z 0-9 -')
    .optional()
    .meta({ description: "`wise`: the recipient's id at Wise.", 'x-default': 'none', examples: ['148563324'] }),
  currency: z
    .string()
    .refine(isCurrency, 'must be an ISO 4217 code, as EUR')
    .optional()
    .meta({
      description: '`wise`: what the payee receives. With any other method it is that of the platform.',
      'x-default': "the platform's",
      examples: ['EUR'],
    }),
  address: numberField(128, readTronAddress)
    .optional()
    .meta({
      description:
        '`usdt-trc20`: of a wallet on TRON, from T on. The checksum is checked, and small letters are others.',
      'x-default': 'none',
      examples: ['TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC'],
    }),
  details: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(1_000)
    .optional()
    .meta({
      'x-kind': 'text',
      description: '`other`: how to pay, in words.',
      'x-default': 'none',
      examples: ['Cash, at the office'],
    }),
};

export type PayeeFields = z.output<z.ZodObject<typeof PAYEE_FIELDS>>;
type Optional = Exclude<keyof PayeeFields, 'method'>;

/** Which fields each method has, and which of them it needs. A name may stand with any. */
const FIELDS_OF: Record<PayeeMethod, { needs: Optional[]; takes: Optional[] }> = {
  sepa: { needs: ['name', 'iban'], takes: ['bic', 'country'] },
  wise: { needs: ['name'], takes: ['email', 'recipientId', 'iban', 'currency'] },
  paypal: { needs: ['email'], takes: ['name'] },
  'usdt-trc20': { needs: ['address'], takes: ['name'] },
  other: { needs: ['details'], takes: ['name'] },
};

/** `currency` may stand with every event; the catalogue says which. */
const FIELDS: Optional[] = ['name', 'iban', 'bic', 'country', 'email', 'recipientId', 'address', 'details'];

/** Which fields belong together: an offence is told at the field that is missing, or is too many. */
export const PAYEE_RULES: FieldRule<PayeeFields>[] = [
  ...PAYEE_METHODS.flatMap((method) => FIELDS_OF[method].needs.map((field) => needs(method, field))),
  ...PAYEE_METHODS.flatMap((method) =>
    FIELDS.flatMap((field) => (belongs(method, field) ? [] : [hasNo(method, field)])),
  ),
  {
    path: 'email',
    reads: ['method'],
    message: 'wise needs one of email, recipientId and iban',
    holds: ({ method, email, recipientId, iban }) =>
      method !== 'wise' || [email, recipientId, iban].some((one) => one !== undefined),
  },
  {
    path: 'iban',
    reads: ['method', 'iban'],
    message: 'is of a country outside SEPA: choose another method',
    holds: ({ method, iban }) => method !== 'sepa' || iban === undefined || isInSepa(iban),
  },
  {
    path: 'iban',
    reads: ['iban'],
    message: 'is a Swiss QR-IBAN, which takes bills alone: the ordinary IBAN of the account is needed',
    holds: ({ iban }) => iban === undefined || !isQrIban(iban),
  },
];

function belongs(method: PayeeMethod, field: Optional): boolean {
  const { needs: needed, takes } = FIELDS_OF[method];
  return needed.includes(field) || takes.includes(field);
}

function needs(method: PayeeMethod, field: Optional): FieldRule<PayeeFields> {
  return {
    path: field,
    reads: ['method'],
    message: `is needed for ${method}`,
    holds: (payee) => payee.method !== method || payee[field] !== undefined,
  };
}

function hasNo(method: PayeeMethod, field: Optional): FieldRule<PayeeFields> {
  return {
    path: field,
    reads: ['method'],
    message: `is no field of ${method}`,
    holds: (payee) => payee.method !== method || payee[field] === undefined,
  };
}

export const PAYEES_IN = {
  'payee.updated': eventIn({
    effect: `Where an account's payouts are sent, with every field: an update replaces the whole, and of several the one with the latest \`timestamp\`
holds. It waits for its account. What it says is encrypted with a key that the database does not have, and shown masked wherever it is
shown ([Payees](paydays.md#payees)). A change holds the account's payouts for 72 hours, and its person is told in chat at once; the first payee of an
account, and the same one again, hold nothing.

A number that cannot be right is refused with 422: country, length, form and check digits of an IBAN, the form of a BIC, the checksum of a TRON
address. An event whose \`timestamp\` is more than 5 minutes after the service's clock at its arrival is quarantined.`,
    fields: {
      accountId: idSchema.meta({
        description: 'Whose payouts; while there is no such account the event waits for it.',
        examples: ['kim'],
      }),
      ...PAYEE_FIELDS,
    },
    rules: PAYEE_RULES,
    hasOwnCurrency: ({ method }) => method === 'wise',
    example: {
      accountId: 'kim',
      method: 'sepa',
      name: 'Kim Meyer',
      iban: 'DE89 3704 0044 0532 0130 00',
      bic: 'COBADEFFXXX',
    },
  }),
};
