import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { Field } from '../../ui/Field.tsx';
import { NOT_TYPED_YET } from '../../ui/Foreseen.tsx';
import type { OneAct } from '../../ui/OneActs.tsx';

/** What can be done with an invoice as it stands; the service decides again. */
export function useInvoiceActs(invoice: AnswerOf<'GET /v1/invoices/{id}'> | undefined): OneAct[] {
  const { api, say, format } = useConsole();
  if (invoice === undefined || !['open', 'overdue'].includes(invoice.status)) return [];
  const path = { id: invoice.invoiceId };
  const reason = <Field label={say('act.reason')} name="reason" isRequired />;
  const simulated = { path, query: { simulate: 'true' as const } };
  const isPromised = invoice.promise?.status === 'running';
  return [
    {
      label: 'overdue.remind',
      what: 'invoice.remindWhat',
      scope: 'sanctions',
      perform: (_, idempotencyKey) => api.call('POST /v1/invoices/{id}/remind', { path, idempotencyKey }),
    },
    ...(isPromised
      ? [
          {
            label: 'invoice.refuse',
            what: 'invoice.refuseWhat',
            scope: 'sanctions',
            fields: reason,
            foresee: () =>
              api.call('POST /v1/invoices/{id}/promise/refuse', { ...simulated, body: { reason: NOT_TYPED_YET } }),
            perform: ({ reason: why = '' }, idempotencyKey) =>
              api.call('POST /v1/invoices/{id}/promise/refuse', { path, body: { reason: why }, idempotencyKey }),
          } satisfies OneAct,
        ]
      : invoice.status === 'overdue'
        ? [
            {
              label: 'invoice.promise',
              what: 'invoice.promiseWhat',
              scope: 'invoices',
              fields: <Field label={say('invoice.until')} name="until" type="date" />,
              foresee: async () => {
                const { until, postings } = await api.call('POST /v1/invoices/{id}/promise', {
                  ...simulated,
                  body: {},
                });
                return { words: say('invoice.wouldPromise', { until: format.instant(until) }), postings };
              },
              perform: ({ until = '' }, idempotencyKey) =>
                api.call('POST /v1/invoices/{id}/promise', {
                  path,
                  body: until === '' ? {} : { until },
                  idempotencyKey,
                }),
            } satisfies OneAct,
          ]
        : []),
    {
      label: 'invoice.outside',
      what: 'invoice.outsideWhat',
      scope: 'invoices',
      fields: <Field label={say('invoice.reference')} name="reference" isRequired />,
      foresee: () =>
        api.call('POST /v1/invoices/{id}/paid-outside', { ...simulated, body: { reference: NOT_TYPED_YET } }),
      perform: ({ reference = '' }, idempotencyKey) =>
        api.call('POST /v1/invoices/{id}/paid-outside', { path, body: { reference }, idempotencyKey }),
    },
    {
      label: 'invoice.doVoid',
      what: 'invoice.voidWhat',
      scope: 'invoices',
      isDangerous: true,
      fields: reason,
      foresee: () => api.call('POST /v1/invoices/{id}/void', { ...simulated, body: { reason: NOT_TYPED_YET } }),
      perform: ({ reason: why = '' }, idempotencyKey) =>
        api.call('POST /v1/invoices/{id}/void', { path, body: { reason: why }, idempotencyKey }),
    },
    {
      label: 'overdue.writeOff',
      what: 'invoice.writeOffWhat',
      scope: 'invoices',
      isDangerous: true,
      fields: reason,
      foresee: () => api.call('POST /v1/invoices/{id}/write-off', { ...simulated, body: { reason: NOT_TYPED_YET } }),
      perform: ({ reason: why = '' }, idempotencyKey) =>
        api.call('POST /v1/invoices/{id}/write-off', { path, body: { reason: why }, idempotencyKey }),
    },
  ];
}
