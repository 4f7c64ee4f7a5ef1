import { dirname, resolve } from 'node:path';
import { z } from 'zod';

import { numberField } from '../events/fields.ts';
import { readBic, readIban, readTronAddress } from '../kernel/accountNumbers.ts';
import { isCountry } from '../kernel/country.ts';
import { readJsonFile } from '../kernel/jsonFile.ts';
import { readLogo } from './logo.ts';

/**
 * Who issues invoices, and statements in the name of those who are paid, as ISSUER_FILE says (docs/books.md). What an
 * accountant looks for on a document, and nothing that is decided: no amount depends on it.
 */

/** Of an IBAN, a BIC or an address as it is written, with its spaces. */
const LONGEST_NUMBER = 128;

const line = z.string().trim().min(1).max(200);
const paragraph = z.string().trim().min(1).max(1_000);
const prefix = z.string().regex(/^[A-Z][A-Z0-9]{0,9}$/, 'must be 1-10 of A-Z 0-9, a letter first, as INV');

const vatSchema = z
  .strictObject({
    rateBps: z.number().int().min(0).max(10_000).optional(),
    reverseCharge: z.literal(true, 'must be true, or not be there').optional(),
    note: paragraph.optional(),
  })
  .refine(({ rateBps, reverseCharge }) => (rateBps === undefined) !== (reverseCharge === undefined), {
    message: 'must have either rateBps or reverseCharge',
  });

const bankSchema = z.strictObject({
  name: line,
  iban: numberField(LONGEST_NUMBER, readIban),
  bic: numberField(LONGEST_NUMBER, readBic).optional(),
});

const seriesSchema = z
  .strictObject({ invoice: prefix.default('INV'), creditNote: prefix.default('CN'), statement: prefix.default('SB') })
  .refine((series) => new Set(Object.values(series)).size === 3, 'must be three different ones');

const issuerSchema = z.strictObject({
  name: line,
  address: z.array(line).min(1).max(8),
  country: z.string().refine(isCountry, 'must be an ISO 3166 code, as DE'),
  taxId: line.max(60),
  email: z.email('must be an address of e-mail').optional(),
  logo: z.string().min(1).optional(),
  vat: vatSchema.optional(),
  paymentTerms: paragraph.optional(),
  bank: bankSchema.optional(),
  paypal: z.email('must be an address of e-mail').optional(),
  tron: numberField(LONGEST_NUMBER, readTronAddress).optional(),
  series: seriesSchema.prefault({}),
});

/** How an issuer treats VAT: a rate that its amounts include, or none, which the customer owes instead. */
export type VatTerms = z.infer<typeof vatSchema>;

/** What begins the numbers of each kind of document. */
export type Series = z.infer<typeof seriesSchema>;

/** The account that payouts are paid from, and invoices paid to: IBAN and BIC without spaces. */
export type IssuerBank = z.infer<typeof bankSchema>;

/** `logo` is the content of its file. */
export type Issuer = Omit<z.infer<typeof issuerSchema>, 'logo'> & { logo?: Uint8Array };

/** Numbers are given whether or not an issuer is set, so that setting one later leaves no gap. */
export const DEFAULT_SERIES: Series = seriesSchema.parse({});

/** The issuer of a file, or all that is wrong with it: every bad key by its path; no value is ever shown. */
export function readIssuer(file: string): { issuer: Issuer } | { errors: string[] } {
  const read = readJsonFile(file, 'ISSUER_FILE');
  if ('errors' in read) return read;
  const parsed = issuerSchema.safeParse(read.content);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => ['ISSUER_FILE', issue.path.join('.'), wordsOf(issue)]);
    return { errors: lines.map((parts) => parts.filter((part) => part !== '').join(': ')) };
  }
  const { logo: path, ...issuer } = parsed.data;
  if (path === undefined) return { issuer };
  const logo = readLogo(resolve(dirname(file), path));
  return 'fault' in logo ? { errors: [`ISSUER_FILE: logo: ${logo.fault}`] } : { issuer: { ...issuer, ...logo } };
}

function wordsOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? `has ${issue.keys.join(', ')}, which is not known` : issue.message;
}
