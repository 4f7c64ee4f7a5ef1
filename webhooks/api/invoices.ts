import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { fileName } from '../../src/documents/words.ts';
import { INVOICE_STATUSES, invoiceData } from '../../src/events/outgoing/invoices.ts';
import { promiseData } from '../../src/events/outgoing/promises.ts';
import type { InvoiceView } from '../../src/invoicing/invoice.ts';
import type { EndOutcome } from '../../src/invoicing/invoices.ts';
import type { RefusalCode } from '../../src/kernel/refusals.ts';
import type { PromiseView } from '../../src/promises/views.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { invoiceCsv } from './csv.ts';
import { csvAnswer, fileAnswer, pdfFile } from './files.ts';
import { invoiceBody, invoiceNumbers, namedInvoice, namedInvoiceBody, namesOnInvoices } from './invoiceBodies.ts';
import { promiseBody } from './promises.ts';
import { addFiles } from './representations.ts';
import {
  accountOf,
  cents,
  getRoute,
  idParam,
  idQuery,
  json,
  jsonBody,
  listRoute,
  notFound,
  orNotFound,
  pageBody,
  pageQuery,
  problems,
  readJson,
  reason,
  refusal,
  request,
  SECURED,
} from './shared.ts';
import { answerWith, simulatable, simulateQuery } from './simulated.ts';

/** An invoice beside what its model has promised of it last. */
const invoiceAnswer = namedInvoice
  .extend({ promise: promiseData.optional().openapi({ description: 'Only where one was made: the last.' }) })
  .openapi('InvoiceAnswer');
const paid = invoiceData.extend({ balance: cents }).openapi('PaidInvoice');
const ended = simulatable(invoiceData, 'EndedInvoice');
const listQuery = z.strictObject({
  modelId: idQuery,
  status: z.enum(INVOICE_STATUSES).optional(),
  unpaid: z.literal('true', 'must be true, or left out').optional().openapi({
    description: 'Those that are still to be paid: open, or overdue.',
  }),
  week: z
    .string()
    .regex(/^\d{4}-W\d{2}$/, 'must be an ISO week, as 2026-W47')
    .optional(),
  ...pageQuery,
});
const payBody = z.object({ reason: reason.optional() });
const voidBody = z.object({ reason });
const writeOffBody = z.object({ reason, payContractors: z.boolean().optional() });
const paidOutsideBody = z.object({
  reference: reason,
  paidAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
});

const tags = ['Invoices'];
const common = { tags, security: SECURED };
const list = listRoute(
  { tags, operationId: 'listInvoices', path: '/v1/invoices', summary: 'Invoices, newest first' },
  { query: listQuery, item: invoiceAnswer, page: 'A page of invoices.' },
);
const getOne = getRoute(
  {
    tags,
    operationId: 'getInvoice',
    path: '/v1/invoices/{id}',
    summary: 'One invoice, also as `text/csv` and `application/pdf` by `Accept`',
  },
  invoiceAnswer,
  'The invoice.',
);
const payRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'payInvoice',
  path: '/v1/invoices/{id}/pay',
  summary: "Pay an invoice from its model's balance",
  request: { params: idParam, ...jsonBody(payBody) },
  responses: { 200: json(paid, 'Paid.'), ...problems(401, 404, 409, 422) },
});
const voidRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'voidInvoice',
  path: '/v1/invoices/{id}/void',
  summary: 'Void an unpaid invoice',
  request: { params: idParam, query: simulateQuery, ...jsonBody(voidBody, true) },
  responses: { 200: json(ended, 'Void.'), ...problems(401, 404, 409, 422) },
});
const writeOffRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'writeOffInvoice',
  path: '/v1/invoices/{id}/write-off',
  summary: 'Write off an unpaid invoice: nothing is owed for it any more, and its transactions stay on it',
  request: { params: idParam, query: simulateQuery, ...jsonBody(writeOffBody, true) },
  responses: { 200: json(ended, 'Written off.'), ...problems(401, 404, 409, 422) },
});
const paidOutsideRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'payInvoiceOutside',
  path: '/v1/invoices/{id}/paid-outside',
  summary: 'Complete an unpaid invoice that was paid by another way than the balance',
  request: { params: idParam, query: simulateQuery, ...jsonBody(paidOutsideBody, true) },
  responses: { 200: json(ended, 'Completed.'), ...problems(401, 404, 409, 422) },
});

const creditNoteRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getCreditNotePdf',
  path: '/v1/invoices/{id}/credit-note.pdf',
  summary: 'The credit note of a void invoice to print',
  request: { params: idParam },
  responses: { 200: pdfFile('On A4.'), ...problems(401, 404, 503) },
});

export function addInvoices(app: ApiApp, deps: ApiDeps): void {
  const { invoices, promises, documents, accounts, clock, platform, books } = deps;
  const numbered = invoiceNumbers(books.numbers);

  /** Invoices with names, what was promised of them and the numbers of their documents, which are stored apart from them. */
  async function answersOf(views: InvoiceView[]) {
    const ids = views.map(({ invoiceId }) => invoiceId);
    const [promised, numbersOf, nameOf] = await Promise.all([
      promises.latestOf(ids, clock.now()),
      numbered(views),
      namesOnInvoices(accounts, views),
    ]);
    return (view: InvoiceView) => ({
      ...namedInvoiceBody(view, nameOf),
      ...promiseOf(promised.get(view.invoiceId)),
      ...numbersOf(view.invoiceId),
    });
  }

  app.openapi(list, async (c) => {
    const page = await invoices.list(request(c.req.valid('query')), clock.now());
    return c.json(pageBody(page, await answersOf(page.items)), 200);
  });

  app.openAPIRegistry.registerPath(creditNoteRoute);
  app.get('/v1/invoices/:id/credit-note.pdf', async (c) =>
    fileAnswer(c, orNotFound(await documents.creditNote(c.req.param('id'), clock.now()), 'credit note')),
  );

  addFiles(app, {
    base: '/v1/invoices',
    operationId: 'getInvoice',
    tags,
    csv: {
      summary: 'One invoice for a spreadsheet: its lines and sums',
      answer: async (c, id) => {
        const view = orNotFound(await invoices.get(id, clock.now()), 'invoice');
        const [numbersOf, nameOf] = await Promise.all([numbered([view]), namesOnInvoices(accounts, [view])]);
        const { number } = numbersOf(id);
        const text = invoiceCsv(view, { number, nameOf }, platform.currency);
        return csvAnswer(c, fileName('invoice', view.invoiceId, 'csv'), text);
      },
    },
    pdf: {
      summary: 'One invoice to print',
      answer: async (c, id) => fileAnswer(c, orNotFound(await documents.invoice(id, clock.now()), 'invoice').file),
    },
    isId: async (id) => (await accounts.get(accountOf(id))) !== null,
  });

  app.openapi(getOne, async (c) => {
    const view = orNotFound(await invoices.get(c.req.valid('param').id, clock.now()), 'invoice');
    return c.json((await answersOf([view]))(view), 200);
  });

  app.openapi(payRoute, async (c) => {
    const { reason } = await readJson(c, payBody);
    const outcome = await invoices.pay(c.req.valid('param').id, { actor: c.var.actor, reason }, clock.now());
    switch (outcome.kind) {
      case 'paid':
        return c.json({ ...invoiceBody(outcome.invoice), balance: outcome.balance }, 200);
      case 'already-paid':
        throw refusal({ state: outcome.invoice.status, reason: 'already_paid' });
      case 'insufficient': {
        const { balance, missing } = outcome;
        throw refusal({ state: outcome.invoice.status, reason: 'insufficient_balance' }, { balance, missing });
      }
      case 'refused':
        throw refusal(outcome);
      case 'not-found':
        throw notFound('invoice');
    }
  });

  app.openapi(voidRoute, async (c) => {
    const by = await readJson(c, voidBody);
    return endedAnswer(c, 'already_void', (acting, now) =>
      invoices.void(c.req.valid('param').id, { ...by, ...acting }, now),
    );
  });

  app.openapi(writeOffRoute, async (c) => {
    const by = await readJson(c, writeOffBody);
    return endedAnswer(c, 'already_written_off', (acting, now) =>
      invoices.writeOff(c.req.valid('param').id, { ...by, ...acting }, now),
    );
  });

  app.openapi(paidOutsideRoute, async (c) => {
    const by = await readJson(c, paidOutsideBody);
    return endedAnswer(c, 'already_paid', (acting, now) =>
      invoices.payOutside(c.req.valid('param').id, { ...by, ...acting }, now),
    );
  });

  /** Does, or simulates, an act that ends an invoice. */
  async function endedAnswer(
    c: Context<ApiEnv>,
    already: RefusalCode,
    act: (acting: { actor: string; simulated: boolean }, now: Date) => Promise<EndOutcome>,
  ) {
    const outcome = await act({ actor: c.var.actor, simulated: isSimulated(c) }, clock.now());
    switch (outcome.kind) {
      case 'done':
        return c.json(await answerWith(c, invoiceBody(outcome.invoice), outcome.postings, accounts), 200);
      case 'already':
        throw refusal({ state: outcome.invoice.status, reason: already });
      case 'refused':
        throw refusal(outcome);
      case 'not-found':
        throw notFound('invoice');
    }
  }
}

function promiseOf(promise: PromiseView | undefined) {
  return promise === undefined ? {} : { promise: promiseBody(promise) };
}
