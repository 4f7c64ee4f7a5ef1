import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { fileName } from '../../src/documents/words.ts';
import { INVOICE_STATUSES, invoiceData } from '../../src/events/outgoing/invoices.ts';
import type { InvoiceView } from '../../src/invoicing/invoice.ts';
import type { EndOutcome } from '../../src/invoicing/invoices.ts';
import type { RefusalCode } from '../../src/kernel/refusals.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { invoiceCsv } from './csv.ts';
import { csvAnswer, fileAnswer } from './files.ts';
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
import { answerOf, simulatable, simulateQuery } from './simulated.ts';

const paid = invoiceData.extend({ balance: cents }).openapi('PaidInvoice');
const ended = simulatable(invoiceData, 'EndedInvoice');
const listQuery = z.strictObject({
  modelId: idQuery,
  status: z.enum(INVOICE_STATUSES).optional(),
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
  { query: listQuery, item: invoiceData, page: 'A page of invoices.' },
);
const getOne = getRoute(
  {
    tags,
    operationId: 'getInvoice',
    path: '/v1/invoices/{id}',
    summary: 'One invoice, also as `text/csv` and `application/pdf` by `Accept`',
  },
  invoiceData,
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

export function addInvoices(app: ApiApp, { invoices, documents, accounts, clock, platform }: ApiDeps): void {
  app.openapi(list, async (c) => {
    const page = await invoices.list(request(c.req.valid('query')), clock.now());
    return c.json(pageBody(page, invoiceBody), 200);
  });

  addFiles(app, {
    base: '/v1/invoices',
    operationId: 'getInvoice',
    tags,
    csv: {
      summary: 'One invoice for a spreadsheet: its lines and sums',
      answer: async (c, id) => {
        const view = orNotFound(await invoices.get(id, clock.now()), 'invoice');
        return csvAnswer(c, fileName('invoice', view.invoiceId, 'csv'), invoiceCsv(view, platform.currency));
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
    return c.json(invoiceBody(view), 200);
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
        return c.json(answerOf(c, invoiceBody(outcome.invoice), outcome.postings), 200);
      case 'already':
        throw refusal({ state: outcome.invoice.status, reason: already });
      case 'refused':
        throw refusal(outcome);
      case 'not-found':
        throw notFound('invoice');
    }
  }
}

export function invoiceBody(view: InvoiceView) {
  return {
    invoiceId: view.invoiceId,
    modelId: view.modelId,
    week: view.week,
    status: view.status,
    issuedAt: view.issuedAt.toISOString(),
    dueAt: view.dueAt.toISOString(),
    completedAt: view.completedAt?.toISOString() ?? null,
    lines: view.lines,
    subtotal: view.subtotal,
    discountBps: view.discountBps,
    discount: view.discount,
    credit: view.credit,
    total: view.total,
    ...(view.reference === undefined ? {} : { reference: view.reference }),
    ...(view.paidAt === undefined ? {} : { paidAt: view.paidAt.toISOString() }),
    ...(view.voidReason === undefined ? {} : { voidReason: view.voidReason }),
    ...(view.writtenOffAt === undefined ? {} : { writtenOffAt: view.writtenOffAt.toISOString() }),
    ...(view.writeOffReason === undefined ? {} : { writeOffReason: view.writeOffReason }),
    ...(view.contractorsPaid === undefined ? {} : { contractorsPaid: view.contractorsPaid }),
  };
}
