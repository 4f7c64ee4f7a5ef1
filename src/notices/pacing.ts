import { cadenceOf, FIRST_AT_ONCE, type Topic } from '../accounts/topics.ts';
import { createRemembered } from '../kernel/remembered.ts';
import type { Policy } from '../policy.ts';
import { type Gathering, isGroupedKind } from './messages/traits.ts';
import { digestInstant, personalDay, quietEnd } from './personalTimes.ts';
import type { Recipient } from './recipients.ts';
import type { Plan, Plannable } from './waiting.ts';

type Gathered = Extract<Plan, { kind: 'wait' }> & { gathered: Gathering };

const HOUR_MS = 3_600_000;
/** People and kinds that are remembered; whoever is forgotten is looked up. */
const REMEMBERED = 10_000;

/**
 * When what is gathered is told, where the first does not wait for the others: of topics that are told by the day the first of
 * a day (rules 3), of what managers are told the first of an hour. Whatever comes with it, or until it is told, joins it.
 */
export function createPacing(deps: {
  lastGathered: (accountId: string, gathering: Gathering) => Promise<Date | undefined>;
  policy: Policy['notices'];
}) {
  const { policy } = deps;
  /** What is still to be told, by person and kind: thousands that join it need no look at the database. */
  const upcoming = createRemembered<string, Date>(REMEMBERED);

  /** For notices that come together: those of one kind that are told at once are told in one message. */
  function together() {
    const here = new Map<string, Date>();

    return async function firstAtOnce(planned: Plan, notice: Plannable, person: Recipient, now: Date): Promise<Plan> {
      if (!isPaced(planned, person)) return planned;
      const key = `${person.accountId} ${planned.gathered}`;
      const notBefore = here.get(key) ?? (await instantOf(planned, notice, person, now));
      here.set(key, notBefore);
      upcoming.set(key, notBefore);
      return { ...planned, notBefore };
    };
  }

  async function instantOf(planned: Gathered, notice: Plannable, person: Recipient, now: Date): Promise<Date> {
    const { accountId } = person;
    const known = upcoming.get(`${accountId} ${planned.gathered}`);
    if (known !== undefined && known > now) return known;
    const last = await deps.lastGathered(accountId, planned.gathered);
    if (last !== undefined && last > now) return last;
    return isGroupedKind(planned.gathered)
      ? afterAnHour(planned, notice, person, last)
      : afterADay(planned, person, now, last);
  }

  /** At once, or an hour after the last, and then not in quiet hours. */
  function afterAnHour(planned: Gathered, { urgent }: Plannable, person: Recipient, last: Date | undefined): Date {
    const anHourOn = last === undefined ? planned.notBefore : new Date(last.getTime() + HOUR_MS);
    if (anHourOn <= planned.notBefore) return planned.notBefore;
    return (urgent ? null : quietEnd(anHourOn, person, policy)) ?? anHourOn;
  }

  function afterADay({ notBefore }: Gathered, person: Recipient, now: Date, last: Date | undefined): Date {
    const day = (at: Date) => personalDay(at, person);
    // Of this very instant: it is told by the next beat, and this with it.
    if (last?.getTime() === now.getTime()) return now;
    if (last === undefined || day(last) < day(now)) return quietEnd(now, person, policy) ?? now;
    return day(last) < day(notBefore) ? notBefore : digestInstant(notBefore, person, 'daily', policy);
  }

  return { together };
}

function isPaced(planned: Plan, { settings }: Recipient): planned is Gathered {
  if (planned.kind !== 'wait' || planned.gathered === undefined) return false;
  if (isGroupedKind(planned.gathered)) return true;
  const topic: Topic = planned.gathered;
  return FIRST_AT_ONCE.includes(topic) && cadenceOf(settings, topic) === 'daily';
}
