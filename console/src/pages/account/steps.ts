import type { AnswerOf } from '../../api.ts';
import type { Console } from '../../context.ts';
import type { Moment } from '../../ui/Timeline.tsx';

type Step = AnswerOf<'GET /v1/models/{id}/forecast'>['steps'][number];

/** What follows, or holds already, while nothing is paid. */
export function stepMoment(
  { what, at, unless }: Step,
  { say, format, now }: Pick<Console, 'say' | 'format' | 'now'>,
): Moment {
  const words = {
    what: what === 'campaigns-paused' ? 'campaigns' : 'other',
    payment: format.money(unless.payment),
  } as const;
  return {
    ...{ id: what, tone: 'bad', isAhead: at !== null },
    at: at ?? now().toISOString(),
    what: at === null ? say('account.inForce', words) : say('account.step', words),
  };
}
