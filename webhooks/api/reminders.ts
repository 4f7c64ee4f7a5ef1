import { createRoute, z } from '@hono/zod-openapi';

import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { idParam, json, notFound, problems, refusal, SECURED } from './shared.ts';

const reminded = z.object({ invoiceId: z.string(), modelId: z.string() }).openapi('RemindedInvoice');

const route = createRoute({
  tags: ['Invoices'],
  security: SECURED,
  method: 'post',
  operationId: 'remindInvoice',
  path: '/v1/invoices/{id}/remind',
  summary: 'Remind a model of an unpaid invoice now, at most once a day of the platform',
  request: { params: idParam },
  responses: { 200: json(reminded, 'The reminder is on its way.'), ...problems(401, 404, 409) },
});

/** As `/remind` in chat. */
export function addReminders(app: ApiApp, { manualReminders, clock }: ApiDeps): void {
  app.openapi(route, async (c) => {
    const outcome = await manualReminders.remind(c.req.valid('param').id, { actor: c.var.actor }, clock.now());
    if (outcome.kind === 'not-found') throw notFound('invoice');
    const { invoiceId, modelId, status } = outcome.invoice;
    switch (outcome.kind) {
      case 'reminded':
        return c.json({ invoiceId, modelId }, 200);
      case 'reminded-before':
        throw refusal({ state: status, reason: 'already_reminded' });
      case 'no-chat':
        throw refusal({ state: status, reason: 'no_chat' });
      case 'refused':
        throw refusal({ state: status, reason: `invoice_${outcome.state}` });
    }
  });
}
