import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { Field } from '../../ui/Field.tsx';
import type { OneAct } from '../../ui/OneActs.tsx';

/** What can be done about a model's standing; the service decides again. */
export function useAccountActs(account: AnswerOf<'GET /v1/accounts/{id}'> | undefined): OneAct[] {
  const { api, say, now } = useConsole();
  if (account === undefined) return [];
  const { accountId, role } = account;
  const path = { id: accountId };
  const reason = <Field label={say('act.reason')} name="reason" isRequired />;
  const days = (
    <Field label={say('overdue.graceDays')} name="days" type="number" min={1} max={365} value="7" isRequired />
  );
  const untilOf = (typed: string | undefined) => new Date(now().getTime() + Number(typed) * DAY_MS).toISOString();
  const model: OneAct[] = [
    {
      label: 'overdue.grace',
      what: 'overdue.graceWhat',
      scope: 'sanctions',
      fields: [days, reason],
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
      perform: (values, idempotencyKey) =>
        api.call('POST /v1/models/{id}/keep', { path, body: { reason: values.reason ?? '' }, idempotencyKey }),
    },
    {
      label: 'account.terminate',
      what: 'account.terminateWhat',
      scope: 'sanctions',
      isDangerous: true,
      fields: reason,
      perform: (values, idempotencyKey) =>
        api.call('POST /v1/models/{id}/terminate', { path, body: { reason: values.reason ?? '' }, idempotencyKey }),
    },
  ];
  return role === 'model' ? model : [];
}

const DAY_MS = 86_400_000;
