import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { Field } from '../../ui/Field.tsx';
import type { OneAct } from '../../ui/OneActs.tsx';

/** What can be done about somebody, by their role; the service decides again. */
export function useAccountActs(account: AnswerOf<'GET /v1/accounts/{id}'> | undefined): OneAct[] {
  const { api, say, format, now } = useConsole();
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
  const earning: OneAct[] = [
    {
      label: 'account.hold',
      what: 'account.holdWhat',
      scope: 'payouts.prepare',
      fields: [days, reason],
      perform: (values, idempotencyKey) =>
        api.call('POST /v1/accounts/{id}/payout-hold', {
          path,
          body: { until: untilOf(values.days), reason: values.reason ?? '' },
          idempotencyKey,
        }),
    },
  ];
  const adjust: OneAct[] = [
    {
      label: 'account.adjust',
      what: 'account.adjustWhat',
      scope: 'payouts.prepare',
      fields: [
        <Field key="amount" label={say('account.amount')} name="amount" inputMode="decimal" isRequired />,
        <div key="way" class="field">
          <label for="way">{say('account.way')}</label>
          <select id="way" name="way">
            <option value="add">{say('account.add')}</option>
            <option value="take">{say('account.take')}</option>
          </select>
        </div>,
        reason,
      ],
      perform: ({ amount = '', way, reason: why = '' }, idempotencyKey) => {
        const minor = format.amountOf(amount);
        if (minor === null) throw new Error(say('overdue.notAnAmount'));
        const body = { account: `${role}:${accountId}`, amount: way === 'take' ? -minor : minor, reason: why };
        return api.call('POST /v1/adjustments', { body, idempotencyKey });
      },
    },
  ];
  if (role === 'manager') return [];
  return [...(role === 'model' ? model : earning), ...adjust];
}

const DAY_MS = 86_400_000;
