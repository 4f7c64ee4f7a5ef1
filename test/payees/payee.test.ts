import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { PAYEE_FIELDS, PAYEE_RULES } from '../../src/events/incoming/payees.ts';
import { masked, payeeOf } from '../../src/payees/payee.ts';

const IBAN = 'DE89370400440532013000';
const TRON = 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC';

const schema = PAYEE_RULES.reduce(
  (object: z.ZodType<z.output<z.ZodObject<typeof PAYEE_FIELDS>>>, { path, message, holds }) =>
    object.refine(holds, { path: [path], message }),
  z.object(PAYEE_FIELDS),
);

/** The payee, or what is wrong: `field: message`. */
function read(given: object): unknown {
  const parsed = schema.safeParse(given);
  if (parsed.success) return payeeOf(parsed.data);
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a payee that is taken', () => {
  it.each([
    ['SEPA', { method: 'sepa', name: 'Kim Meyer', iban: IBAN }, {}],
    ['SEPA with all', { method: 'sepa', name: 'Kim Meyer', iban: IBAN, bic: 'COBADEFFXXX', country: 'DE' }, {}],
    [
      'spaces and small letters',
      { method: 'sepa', name: ' Kim  Meyer ', iban: ' de89 3704 0044 0532 0130 00', bic: 'coba de ff' },
      { name: 'Kim Meyer', iban: IBAN, bic: 'COBADEFF' },
    ],
    [
      'hard spaces and hyphens',
      { method: 'sepa', name: 'Kim', iban: 'DE89\u00a03704-0044-0532-0130-00' },
      { iban: IBAN },
    ],
    ['the shortest', { method: 'sepa', name: 'Kim', iban: 'NO9386011117947' }, {}],
    ['letters in it', { method: 'sepa', name: 'Kim', iban: 'FR1420041010050500013M02606' }, {}],
    ['one that joined SEPA lately', { method: 'sepa', name: 'Kim', iban: 'RS35260005601001611379' }, {}],
    [
      'accents, and what companies have',
      { method: 'sepa', name: "Jürgen Łukasz-O'Neil & Søn (Æ) GmbH", iban: IBAN },
      {},
    ],
    ['70 characters', { method: 'sepa', name: 'K'.repeat(70), iban: IBAN }, {}],
    ['Wise by email', { method: 'wise', name: 'Kim', email: 'kim@example.com', currency: 'EUR' }, {}],
    ['Wise by its id', { method: 'wise', name: 'Kim', recipientId: '148563324' }, {}],
    ['Wise by an IBAN outside SEPA', { method: 'wise', name: 'Kim', iban: 'TR330006100519786457841326' }, {}],
    ['PayPal', { method: 'paypal', email: 'kim+pay@example.com' }, {}],
    ['USDT', { method: 'usdt-trc20', address: ` ${TRON}\n` }, { address: TRON }],
    ['other', { method: 'other', details: 'Cash, at the office', name: 'Kim' }, {}],
  ])('%s', (_, given, as) => {
    expect(read(given)).toEqual({ ...given, ...as });
  });
});

describe('a payee that is refused', () => {
  it.each([
    ['no method', {}, [/^method: /]],
    ['a method that is none', { method: 'cheque' }, [/^method: /]],
    ['one digit swapped', { method: 'sepa', name: 'Kim', iban: 'DE89370400440532010300' }, [/^iban: .*check digits/]],
    ['one digit other', { method: 'sepa', name: 'Kim', iban: 'DE89370400440532013001' }, [/^iban: .*check digits/]],
    ['too short for its country', { method: 'sepa', name: 'Kim', iban: 'DE8937040044053201300' }, [/^iban: .*length/]],
    [
      'the length of another country',
      { method: 'sepa', name: 'Kim', iban: 'FR89370400440532013000' },
      [/^iban: .*length/],
    ],
    ['letters where digits are', { method: 'sepa', name: 'Kim', iban: 'DE8937040O440532013000' }, [/^iban: .*form/]],
    ['no such country', { method: 'sepa', name: 'Kim', iban: 'XX89370400440532013000' }, [/^iban: .*country/]],
    ['no IBAN at all', { method: 'sepa', name: 'Kim', iban: ' ' }, [/^iban: must be an IBAN$/]],
    [
      'a country outside SEPA',
      { method: 'sepa', name: 'Kim', iban: 'TR330006100519786457841326' },
      [/^iban: .*outside SEPA/],
    ],
    ['a Swiss QR-IBAN', { method: 'sepa', name: 'Kim', iban: 'CH4431999123000889012' }, [/^iban: .*QR-IBAN/]],
    ['a BIC of ten', { method: 'sepa', name: 'Kim', iban: IBAN, bic: 'COBADEFFXX' }, [/^bic: /]],
    ['a BIC of no country', { method: 'sepa', name: 'Kim', iban: IBAN, bic: 'COBAXXFF' }, [/^bic: /]],
    ['SEPA without anything', { method: 'sepa' }, [/^name: is needed for sepa$/, /^iban: is needed for sepa$/]],
    ['71 characters', { method: 'sepa', name: 'K'.repeat(71), iban: IBAN }, [/^name: .*70/]],
    ['a name in other letters', { method: 'sepa', name: 'Ким', iban: IBAN }, [/^name: .*Latin/, /^name: /]],
    ['a name with what nobody sees', { method: 'sepa', name: 'Kim\u202e', iban: IBAN }, [/^name: .*Latin/]],
    ['a name of nothing', { method: 'sepa', name: '  ', iban: IBAN }, [/^name: must not be empty/, /^name: /]],
    ['Wise without a way', { method: 'wise', name: 'Kim' }, [/^email: wise needs one of/]],
    ['a currency that is none', { method: 'wise', name: 'Kim', recipientId: '1', currency: 'EUX' }, [/^currency: /]],
    ['PayPal with no email', { method: 'paypal', email: 'kim.example.com' }, [/^email: /]],
    [
      'a field of another method',
      { method: 'paypal', email: 'kim@example.com', iban: IBAN },
      [/^iban: is no field of paypal/],
    ],
    [
      'a TRON address with one letter other',
      { method: 'usdt-trc20', address: TRON.replace('y', 'z') },
      [/^address: .*checksum/],
    ],
    ['in small letters', { method: 'usdt-trc20', address: TRON.toLowerCase() }, [/^address: .*checksum/]],
    [
      'in hexadecimal',
      { method: 'usdt-trc20', address: '415cbdd86a2fa8dc4bddd8a8f69dba48572eec07fb' },
      [/^address: .*hexadecimal/],
    ],
    [
      'of Ethereum',
      { method: 'usdt-trc20', address: '0xdAC17F958D2ee523a2206206994597C13D831ec7' },
      [/^address: .*hexadecimal/],
    ],
    [
      'of Bitcoin',
      { method: 'usdt-trc20', address: '1BoatSLRHtKNngkdXEeobR76b53LETtpyT' },
      [/^address: .*another chain/],
    ],
    [
      'the address of nobody',
      { method: 'usdt-trc20', address: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb' },
      [/^address: .*nobody/],
    ],
    [
      'the contract of USDT',
      { method: 'usdt-trc20', address: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' },
      [/^address: .*contract/],
    ],
    ['other without details', { method: 'other' }, [/^details: is needed for other/]],
  ])('%s', (_, given, faults) => {
    const said = read(given) as string[];
    expect(said).toEqual(faults.map((fault) => expect.stringMatching(fault)));
    const values = Object.entries(given).flatMap(([field, value]) =>
      field === 'method' || value.trim().length < 3 ? [] : [value.trim()],
    );
    for (const value of values) expect(said.join('\n')).not.toContain(value);
  });
});

it.each([
  [{ method: 'sepa', name: 'Kim Meyer', iban: IBAN }, 'DE89 … 3000'],
  [{ method: 'sepa', name: 'Kim Meyer', iban: 'NO9386011117947' }, 'NO93 … 7947'],
  [{ method: 'wise', name: 'Kim', iban: 'TR330006100519786457841326' }, 'TR33 … 1326'],
  [{ method: 'wise', name: 'Kim', email: 'kim@example.com' }, 'k…@example.com'],
  [{ method: 'wise', name: 'Kim', recipientId: '148563324' }, '… 24'],
  [{ method: 'paypal', email: 'k@example.com' }, '…@example.com'],
  [{ method: 'usdt-trc20', address: TRON }, 'TJRy … tDeC'],
  [{ method: 'other', details: 'Cash' }, '…'],
] as const)('%j is shown as %s', (payee, shown) => {
  expect(masked(payee)).toEqual({ method: payee.method, masked: shown });
});
