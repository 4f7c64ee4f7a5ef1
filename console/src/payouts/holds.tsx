import { useConsole } from '../context.ts';
import { Act } from '../ui/Act.tsx';
import { Field } from '../ui/Field.tsx';

/** What is held: payouts, or whatever is paid to accounts. */
export type Held = { id: string; amount?: number };
type Props = { of: 'payout' | 'account'; items: readonly Held[]; onClose(): void };

/** Holds each until the day that is chosen begins on the clocks of who chooses it. */
export function HoldDialog({ of, items, onClose }: Props) {
  const { api, say, format } = useConsole();
  return (
    <Act
      {...listed(items, format.money)}
      title={say(of === 'payout' ? 'hold.title' : 'hold.accountTitle', { count: items.length })}
      what={say(of === 'payout' ? 'hold.what' : 'hold.accountWhat')}
      doIt={say('hold.do', { count: items.length })}
      perform={({ id }, { until = '', reason = '' }, idempotencyKey) => {
        const input = { path: { id }, body: { until: format.startOf(until), reason }, idempotencyKey };
        return of === 'payout'
          ? api.call('POST /v1/payouts/{id}/hold', input)
          : api.call('POST /v1/accounts/{id}/payout-hold', input);
      }}
      onClose={onClose}
    >
      <Field label={say('hold.until')} name="until" type="date" isRequired />
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

/** Ends the hold of each. */
export function ReleaseDialog({ of, items, onClose }: Props) {
  const { api, say, format } = useConsole();
  return (
    <Act
      {...listed(items, format.money)}
      title={say(of === 'payout' ? 'hold.releaseTitle' : 'hold.releaseAccountTitle', { count: items.length })}
      what={say('hold.releaseWhat')}
      doIt={say('hold.releaseDo', { count: items.length })}
      perform={({ id }, { reason = '' }, idempotencyKey) => {
        const input = { path: { id }, body: { reason }, idempotencyKey };
        return of === 'payout'
          ? api.call('POST /v1/payouts/{id}/release', input)
          : api.call('POST /v1/accounts/{id}/payout-release', input);
      }}
      onClose={onClose}
    >
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

function listed(items: readonly Held[], money: (minor: number) => string) {
  const sum = items.reduce((total, { amount = 0 }) => total + amount, 0);
  return {
    items,
    idOf: ({ id }: Held) => id,
    nameOf: ({ id }: Held) => id,
    detailOf: ({ amount }: Held) => (amount === undefined ? null : money(amount)),
    sum: items.every(({ amount }) => amount !== undefined) ? money(sum) : undefined,
  };
}
