import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { type NameOf, namesOn } from '../../src/accounts/names.ts';
import type { PaymentFileView } from '../../src/paymentFiles/fileView.ts';
import { FILE_FORMATS } from '../../src/paymentFiles/paymentFile.ts';

import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import { fileHeaders } from './files.ts';
import { dateOf } from './payoutCycles.ts';
import { cycleDate } from './payouts.ts';
import { cents, instant, json, notFound, problems, readQuery, refusal, SECURED } from './shared.ts';
import { answerOf, simulatable, simulateQuery } from './simulated.ts';

const sha256 = z.string().openapi({
  description: 'SHA-256 of the bytes, in hexadecimal, as `sha256sum` prints it.',
  example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
});
const sum = z.object({ count: z.int(), total: cents });
const part = sum.extend({
  part: z.int(),
  name: z.string().openapi({ example: 'payouts-2026-04-01-paypal-1-1.csv' }),
  contentType: z.string(),
  template: z.string().optional().openapi({ description: 'Of Wise: `bank-accounts`, `email` or `saved-recipients`.' }),
  bytes: z.int(),
  hash: sha256,
  href: z.string().openapi({ description: 'Where its content is.' }),
});

const fileSchema = z.object({
  file: z.string().openapi({ example: '2026-04-01:sepa:1' }),
  cycle: z.string().openapi({ example: '2026-04-01' }),
  format: z.enum(FILE_FORMATS),
  number: z.int().openapi({ description: 'The first file of a cycle and format is 1.' }),
  currency: z.string(),
  madeAt: instant,
  by: z.string().openapi({ description: 'Who had it made.' }),
  executeOn: z.string().openapi({ description: 'The day on which a bank is to pay it, where the format says one.' }),
  ...sum.shape,
  hash: sha256.openapi({ description: 'Stands for all its parts; of one part it is the hash of that.' }),
  parts: z.array(part),
  leftOut: z
    .array(
      z.object({
        payoutId: z.string(),
        accountId: z.string(),
        name: z.string().openapi({ description: 'Of the account.' }),
        amount: cents,
        why: z.enum(['amount_not_payable', 'destination_not_writable', 'payee_changed']),
      }),
    )
    .openapi({ description: 'Payouts of its payees that this format cannot pay; they stay due.' }),
  rest: z
    .object({
      otherMethods: z.array(sum.extend({ method: z.string() })),
      ...{ withoutPayee: sum, held: sum, leftOut: sum },
      notDue: sum.openapi({ description: 'In another file already, or paid, or failed.' }),
    })
    .openapi({ description: 'What of the batch is not in it, as of when it was made: together they are the batch.' }),
});
const madeSchema = simulatable(
  fileSchema.extend({
    madeBefore: z
      .object({ at: instant, by: z.string(), hash: sha256 })
      .nullable()
      .openapi({ description: 'It was made already, and this is that file; null when it was made now.' }),
  }),
  'MadePaymentFile',
);
const listed = z.object({ items: z.array(fileSchema.openapi('PaymentFile')) });

const format = z.enum(FILE_FORMATS);
const makeQuery = simulateQuery.extend({
  format,
  further: z.literal('true', 'must be true, or left out').optional().openapi({
    description: 'Makes another file, of what has come to be payable since the last one.',
  }),
});
const positive = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1')
  .transform(Number)
  .optional();
/** Strict: with a name that is misspelt, another file would be handed out. */
const contentQuery = z.strictObject({
  format,
  number: positive.openapi({ type: 'integer', description: 'Which file of this format; the first unless told.' }),
  part: positive.openapi({ type: 'integer', description: 'Which part; needed where there are several.' }),
});

const params = z.object({ date: cycleDate });
const common = { tags: ['Affiliates'], security: SECURED };
const path = '/v1/payout-cycles/{date}/export';
const makeRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'makePaymentFile',
  path,
  summary: 'Make the file that pays an approved batch by a bank or wallet; once',
  description:
    'Its payouts are marked as being paid. Made already, the answer is the file that was made, and `madeBefore` says so. Nothing of an account that is paid to stands in the answer.',
  request: { params, query: makeQuery },
  responses: { 200: json(madeSchema, 'The file, without its content.'), ...problems(401, 409, 422) },
});
const contentRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getPaymentFile',
  path,
  summary: 'The content of a payment file that was made: the same bytes, however often',
  description:
    '`409` where a payee or the account that is paid from has changed since, so that it would be another file: `differs` says what.',
  request: { params, query: contentQuery },
  responses: {
    200: {
      description: 'The part, to be uploaded as it is.',
      content: { 'application/xml': { schema: z.string() }, 'text/csv': { schema: z.string() } },
      headers: z.object({
        etag: z.string().openapi({ description: 'The hash of the part.' }),
        'export-file': z.string(),
        'export-part': z.string().openapi({ example: '1/3' }),
        'export-made-at': z.string(),
      }),
    },
    ...problems(401, 404, 409, 422),
  },
});
const listRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'listPaymentFiles',
  path: '/v1/payout-cycles/{date}/exports',
  summary: 'The payment files of a cycle that were made, with their hashes',
  request: { params },
  responses: { 200: json(listed, 'All of them.'), ...problems(401, 422) },
});

/** The files that pay a batch (docs/paydays.md). */
export function addPayoutExports(app: ApiApp, { accounts, paymentFiles, clock }: ApiDeps): void {
  /** What those are called whom some files cannot pay. */
  const namesIn = (files: PaymentFileView[]) =>
    namesOn(
      accounts,
      files.flatMap(({ leftOut }) => leftOut.map(({ accountId }) => accountId)),
    );

  app.openapi(makeRoute, async (c) => {
    const { format, further } = c.req.valid('query');
    const wanted = { cycle: c.req.valid('param').date, format, actor: c.var.actor };
    const how = { further: further !== undefined, simulate: isSimulated(c) };
    const outcome = await paymentFiles.make({ ...wanted, ...how }, clock.now());
    if (outcome.kind === 'refused') {
      throw refusal(outcome, outcome.missing === undefined ? {} : { missing: outcome.missing });
    }
    const { file } = outcome;
    const madeBefore =
      outcome.kind === 'before' ? { at: file.madeAt.toISOString(), by: file.by, hash: file.hash } : null;
    const nameOf = await namesIn([file]);
    return c.json(answerOf(c, { ...fileBody(file, nameOf), madeBefore }), 200);
  });

  // What its handler answers is a file and no typed body.
  app.openAPIRegistry.registerPath(contentRoute);
  app.get('/v1/payout-cycles/:date/export', async (c) => {
    const { format, number, part } = readQuery(c, contentQuery);
    return contentOf(c, { cycle: dateOf(c.req.param('date')), format, number, part });
  });

  app.openapi(listRoute, async (c) => {
    const files = await paymentFiles.ofCycle(c.req.valid('param').date);
    const nameOf = await namesIn(files);
    return c.json({ items: files.map((file) => fileBody(file, nameOf)) }, 200);
  });

  async function contentOf(
    c: Context<ApiEnv>,
    asked: Parameters<ApiDeps['paymentFiles']['content']>[0],
  ): Promise<Response> {
    const parts = await paymentFiles.partsOf(asked);
    if (asked.part === undefined && parts > 1) {
      const message = `must say which: there are ${parts} parts`;
      throw new HttpProblem(422, 'The request is not valid.', { errors: [{ path: 'part', message }] });
    }
    const outcome = await paymentFiles.content(asked);
    if (outcome.kind === 'not-found') throw notFound('part');
    if (outcome.kind === 'refused') {
      throw refusal(outcome, outcome.differs === undefined ? {} : { differs: outcome.differs });
    }
    const [part] = outcome.parts;
    if (part === undefined) throw notFound('part');
    return c.body(new Uint8Array(part.content), 200, {
      ...fileHeaders(part.name, part.contentType),
      etag: `"${part.hash}"`,
      'export-file': outcome.file.fileId,
      'export-part': `${part.part}/${parts}`,
      'export-made-at': outcome.file.madeAt.toISOString(),
      // Where people are paid to is nobody's to keep on the way.
      'cache-control': 'no-store',
    });
  }
}

function fileBody(file: PaymentFileView, nameOf: NameOf) {
  const { fileId, madeAt, parts, leftOut, ...others } = file;
  return {
    ...{ file: fileId, madeAt: madeAt.toISOString(), ...others },
    parts: parts.map((one) => ({ ...one, href: hrefOf(file, one.part) })),
    leftOut: leftOut.map((one) => ({ ...one, name: nameOf(one.accountId) })),
  };
}

function hrefOf({ cycle, format, number }: PaymentFileView, part: number): string {
  return `/v1/payout-cycles/${cycle}/export?format=${format}&number=${number}&part=${part}`;
}
