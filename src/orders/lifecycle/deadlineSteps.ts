const HOUR_MS = 3_600_000;
/** Hours before the answer is due at which the marketer is reminded (rules 3). */
const NUDGES = [24, 6, 1];

/** A step of an order that waits for its answer: a reminder, or at last its expiry. */
export type DeadlineStep = { at: Date; step: 'nudge' | 'expire'; hoursLeft: number };

/** All steps of an order placed at `placedAt`, while nobody answers, in order. */
export function deadlineSteps({ placedAt, respondBy }: { placedAt: Date; respondBy: Date }): DeadlineStep[] {
  const nudges = NUDGES.map((hoursLeft) => ({
    at: new Date(respondBy.getTime() - hoursLeft * HOUR_MS),
    step: 'nudge' as const,
    hoursLeft,
  }));
  return [...nudges.filter(({ at }) => at > placedAt), { at: respondBy, step: 'expire', hoursLeft: 0 }];
}

/** When an answer to an order is due (rules 4.2). */
export function respondByOf(placedAt: Date, answerHours: number): Date {
  return new Date(placedAt.getTime() + answerHours * HOUR_MS);
}
