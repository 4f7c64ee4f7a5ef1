import type { Payout } from '../../payouts/states.tsx';
import type { Say } from '../../say.ts';
import type { Moment } from '../../ui/Timeline.tsx';

/** What became of a payout, from its being drawn up on. */
export function momentsOf(payout: Payout, say: Say): Moment[] {
  const { drawnAt, processingAt, endedAt, status, returned, reference, reason } = payout;
  return [
    { id: 'drawn', at: drawnAt, what: say('payout.drawn') },
    ...(processingAt === null
      ? []
      : [{ id: 'processing', at: processingAt, what: say('payout.processing'), tone: 'waiting' as const }]),
    ...(endedAt === null
      ? []
      : [
          status === 'failed'
            ? { id: 'failed', at: endedAt, what: said(say('payout.failed'), reason), tone: 'bad' as const }
            : { id: 'paid', at: endedAt, what: said(say('payout.paid'), reference), tone: 'good' as const },
        ]),
    ...(returned === null
      ? []
      : [
          {
            id: 'returned',
            at: returned.at,
            what: said(say('payout.returned'), returned.reason),
            tone: 'bad' as const,
          },
        ]),
  ];
}

function said(what: string, more: string | null): string {
  return more === null ? what : `${what}: ${more}`;
}
