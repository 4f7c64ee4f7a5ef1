import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { Field } from '../../ui/Field.tsx';
import { NOT_TYPED_YET } from '../../ui/Foreseen.tsx';
import type { OneAct } from '../../ui/OneActs.tsx';

/** What can be done about a model's standing; the service decides again. */
export function useAccountActs(account: AnswerOf<'GET /v1/accounts/{id}'> | undefined): OneAct[] {
  const { api, say, now } = useConsole();
  if (account === undefined) return [];
  const { accountId, role } = account;
  const path = { id: accountId };
  const reason = <Field label={say('act.reason')} name="reason" isRequired />;
  const days = (
    <Field label={say('overdue.graceDays')} name="days" type="number" min={1} max={365} value={USUAL_DAYS} isRequired />
  );
  /** How the model would stand, and what the ledger would get. */
  const wouldStand = (asked: Promise<Would>) =>
    asked.then(({ campaigns, cplOrders, postings }) => ({
      words: say('account.wouldStand', {
        campaigns: campaigns === 'stopped' ? 'other' : campaigns,
        orders: cplOrders === 'blocked' ? 'other' : cplOrders,
      }),
      postings,
    }));
  const simulated = { path, query: { simulate: 'true' as const } };
  const untilOf = (typed: string | undefined) => new Date(now().getTime() + Number(typed) * DAY_MS).toISOString();
  const model: OneAct[] = [
    {
      label: 'overdue.grace',
      what: 'overdue.graceWhat',
      scope: 'sanctions',
      fields: [days, reason],
      foresee: () =>
        wouldStand(
          api.call('POST /v1/models/{id}/grace', {
            ...simulated,
            body: { until: untilOf(USUAL_DAYS), reason: NOT_TYPED_YET },
          }),
        ),
      perform: (values, idempotencyKey) =>
        api.call('POST /v1/models/{id}/grace', {
          path,
          body: { until: untilOf(values.days), reason: values.reason ?? '' },
          idempotencyKey,
        }),
    },
    {
      label: 'account.keep',
      what: 'account.keepWhat',
      scope: 'sanctions',
      fields: reason,
      foresee: () =>
        wouldStand(api.call('POST /v1/models/{id}/keep', { ...simulated, body: { reason: NOT_TYPED_YET } })),
      perform: (values, idempotencyKey) =>
        api.call('POST /v1/models/{id}/keep', { path, body: { reason: values.reason ?? '' }, idempotencyKey }),
    },
    {
      label: 'account.terminate',
      what: 'account.terminateWhat',
      scope: 'sanctions',
      isDangerous: true,
      fields: reason,
      foresee: () =>
        wouldStand(api.call('POST /v1/models/{id}/terminate', { ...simulated, body: { reason: NOT_TYPED_YET } })),
      perform: (values, idempotencyKey) =>
        api.call('POST /v1/models/{id}/terminate', { path, body: { reason: values.reason ?? '' }, idempotencyKey }),
    },
  ];
  return role === 'model' ? model : [];
}

type Would = Pick<AnswerOf<'POST /v1/models/{id}/grace'>, 'campaigns' | 'cplOrders' | 'postings'>;

const USUAL_DAYS = '7';
const DAY_MS = 86_400_000;
