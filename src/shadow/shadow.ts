import type { Report } from '../kernel/activity.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { ShadowStore } from './store.ts';
import { createShadowWeeks } from './weeks.ts';
import { createWithheldMessages } from './withheld.ts';

export type { Withheld } from './store.ts';

export type Shadow = ReturnType<typeof createShadow>;

/**
 * A service in shadow takes events and decides, but sends nothing out: `withheld` takes what it would have sent, and each Monday
 * sums that up (docs/shadow.md). Out of shadow nothing is withheld, and what was summed up before can still be read.
 * `issueAt`: when on Monday invoices are issued, as `06:00`.
 */
export function createShadow(
  store: ShadowStore,
  deps: { calendar: Calendar; issueAt: string; isOn: boolean; report: Report },
) {
  const [hour = 0, minute = 0] = deps.issueAt.split(':').map(Number);
  return {
    isOn: deps.isOn,
    withheld: deps.isOn ? createWithheldMessages(store) : undefined,
    weeks: createShadowWeeks({ ...deps, store, issueTime: { hour, minute } }),
  };
}
