import type { AnswerOf } from '../api.ts';
import { useConsole } from '../context.ts';
import { PAYOUT_TONES, type Payout } from '../payouts.ts';
import { Status, type Tone } from '../ui/Status.tsx';

export type { Payout };
export type Cycle = AnswerOf<'GET /v1/payout-cycles/{date}'>;
export type Batch = NonNullable<Cycle['batch']>;

const BATCH_TONES: Record<Batch['state'], Tone> = {
  'drawn-up': 'waiting',
  checked: 'waiting',
  approved: 'waiting',
  exported: 'waiting',
  settled: 'good',
};

/** Where a payout stands, with what keeps it, and what became of it after it was paid. */
export function PayoutStatus({
  payout: { status, held, returned },
}: {
  payout: Pick<Payout, 'status' | 'held' | 'returned'>;
}) {
  const { say, format } = useConsole();
  return (
    <>
      <Status tone={PAYOUT_TONES[status]}>{say(`payout.${status}`)}</Status>
      {held !== null && <Status tone="bad">{say('payout.heldUntil', { until: format.instant(held.until) })}</Status>}
      {returned !== null && <Status tone="bad">{say('payout.returned')}</Status>}
    </>
  );
}

/** How far the batch of a payday is; a payday without one is still to come. */
export function BatchStatus({ state }: { state: Batch['state'] | null }) {
  const { say } = useConsole();
  if (state === null) return <Status tone="plain">{say('payday.upcoming')}</Status>;
  return <Status tone={BATCH_TONES[state]}>{say(`payday.${state}`)}</Status>;
}
