import { useConsole } from '../context.ts';
import { Act, type OnClose } from '../ui/Act.tsx';
import { Field } from '../ui/Field.tsx';
import { type Foreseen, NOT_TYPED_YET, useForeseen, WhatWouldBe } from '../ui/Foreseen.tsx';

/** What is held: payouts, or whatever is paid to accounts. */
export type Held = { id: string; amount?: number };
type Props = { of: 'payout' | 'account'; items: readonly Held[]; onClose: OnClose };

/** Holds each until the day that is chosen begins on the clocks of who chooses it. */
export function HoldDialog({ of, items, onClose }: Props) {
  const { api, say, format, now } = useConsole();
  // Until when is not said yet, and what is concerned does not depend on it.
  const body = { until: new Date(now().getTime() + DAY_MS).toISOString(), reason: NOT_TYPED_YET };
  const foreseen = useForeseen(() =>
    ofOne(items, ({ id }) => {
      const input = { path: { id }, query: { simulate: 'true' as const }, body };
      return of === 'payout'
        ? api.call('POST /v1/payouts/{id}/hold', input)
        : api.call('POST /v1/accounts/{id}/payout-hold', input);
    }),
  );
  return (
    <Act
      {...listed(items, format.money)}
      isOff={foreseen.answer === undefined}
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
      <Concerned of={of} foreseen={foreseen} />
      <Field label={say('hold.until')} name="until" type="date" isRequired />
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

/** Ends the hold of each. */
export function ReleaseDialog({ of, items, onClose }: Props) {
  const { api, say, format } = useConsole();
  const foreseen = useForeseen(() =>
    ofOne(items, ({ id }) => {
      const input = { path: { id }, query: { simulate: 'true' as const }, body: { reason: NOT_TYPED_YET } };
      return of === 'payout'
        ? api.call('POST /v1/payouts/{id}/release', input)
        : api.call('POST /v1/accounts/{id}/payout-release', input);
    }),
  );
  return (
    <Act
      {...listed(items, format.money)}
      isOff={foreseen.answer === undefined}
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
      <Concerned of={of} foreseen={foreseen} />
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

type Concerns = { payouts: readonly { amount: number }[] } | null;

/** Of one it is asked beforehand what is concerned; of a selection each says afterwards what became of it. */
async function ofOne<T>(items: readonly Held[], ask: (item: Held) => Promise<T>): Promise<T | null> {
  const [item] = items;
  return item === undefined || items.length > 1 ? null : ask(item);
}

function Concerned({ of, foreseen }: Pick<Props, 'of'> & { foreseen: Foreseen<Concerns> }) {
  const { say, format } = useConsole();
  return (
    <WhatWouldBe foreseen={foreseen}>
      {(would) => {
        // A payout that is held is the one that is listed.
        if (would === null || of === 'payout') return null;
        const total = would.payouts.reduce((sum, { amount }) => sum + amount, 0);
        return <p>{say('hold.concerned', { count: would.payouts.length, total: format.money(total) })}</p>;
      }}
    </WhatWouldBe>
  );
}

const DAY_MS = 86_400_000;

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
