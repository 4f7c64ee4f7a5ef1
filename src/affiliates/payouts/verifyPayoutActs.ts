import type { RecordedAct, Trail } from '../../events/recordedAct.ts';
import { type AppliedChecks, isReadable, type ToldEvent, type ToldEvents } from '../../events/toldEvent.ts';
import { wordOf } from '../../events/verifyFacts.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import { isErasedText, mayBeSame } from '../../privacy/texts.ts';
import type { AffiliateStore, PayoutState, StoredPayout } from '../store.ts';

const BATCH = 500;

/** What became of payouts was told by the platform, or done by a person (rules 6.4); compared in both directions. */
export function createPayoutActVerification({ payouts }: Pick<AffiliateStore, 'payouts'>) {
  /** A line for each payout that is being paid, or has ended, and nobody said so. */
  async function facts({ events, trail }: { events: ToldEvents; trail: Pick<Trail, 'byKey'> }): Promise<string[]> {
    return linesOnAll(
      payouts.find({ status: { $in: ACTED } }),
      BATCH,
      ({ _id }) => `payout ${_id}`,
      async (batch) => {
        const acts = await trail.byKey(batch.flatMap(({ _id }) => ACTED.map((status) => keyOf(_id, status))));
        const told = await events.byId(batch.flatMap(({ eventId }) => eventId ?? []));
        return batch.flatMap((payout) => actDifferences(payout, acts, told));
      },
    );
  }

  async function endedAs(
    status: 'paid' | 'failed',
    wanted: { eventId: string; data: { payoutId: string } }[],
  ): Promise<string[]> {
    const found = await byId(wanted.map(({ data }) => data.payoutId));
    return wanted.flatMap(({ eventId, data: { payoutId } }) => {
      const is = found.get(payoutId)?.status;
      if (is === status) return [];
      return [`payout ${payoutId} is ${is ?? 'missing'}, and event ${eventId}, which was applied, says ${status}`];
    });
  }

  const applied: AppliedChecks = {
    'payout.settled': (events) => endedAs('paid', events),
    'payout.failed': (events) => endedAs('failed', events),
  };

  /** A line for each act of a person that did not become of its payout. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const found = await byId(batch.map(payoutOf));
    return batch.flatMap((act) => {
      const is = found.get(payoutOf(act))?.status;
      const status = act.action.slice('payout.'.length);
      // What was being paid may have ended since.
      if (is === status || (status === 'processing' && (is === 'paid' || is === 'failed'))) return [];
      return [`payout ${payoutOf(act)} is ${is ?? 'missing'}, but ${act.actor} did ${act.action} on ${wordOf(act.at)}`];
    });
  }

  async function byId(ids: string[]): Promise<Map<string, StoredPayout>> {
    const found = await payouts.find({ _id: { $in: [...new Set(ids)] } }).toArray();
    return new Map(found.map((payout) => [payout._id, payout]));
  }

  const byAction = { 'payout.processing': acts, 'payout.paid': acts, 'payout.failed': acts };
  return { facts, applied, acts: byAction };
}

const ACTED: PayoutState[] = ['processing', 'paid', 'failed'];

function keyOf(payoutId: string, status: PayoutState): string {
  return `payout:${payoutId}:${status}`;
}

function actDifferences(payout: StoredPayout, acts: Map<string, RecordedAct>, told: Map<string, ToldEvent>): string[] {
  const { _id, status, actor, effectsPending } = payout;
  const name = `payout ${_id} is ${status}`;
  const record = acts.get(keyOf(_id, status));
  if (record === undefined) {
    // It is recorded after the change, which bears a mark until then.
    return effectsPending === true ? [] : [`${name}, and the audit trail says nobody did that`];
  }
  const at = status === 'processing' ? payout.processingAt : payout.endedAt;
  const said = record.reason;
  return [
    ...(record.actor === actor && wordOf(record.at) === wordOf(at)
      ? []
      : [
          `${name} by ${wordOf(actor)} on ${wordOf(at)}, and the audit trail says by ${record.actor} on ${wordOf(record.at)}`,
        ]),
    // What was given before, when it began to be paid, stands where nothing else is given.
    ...(said === undefined || [payout.reason, payout.reference].some((given) => mayBeSame(given, said))
      ? []
      : [`${name} for ${wordOf(payout.reason ?? payout.reference)}, and the audit trail says for ${wordOf(said)}`]),
    ...(actor === PLATFORM ? eventDifferences(payout, told) : []),
  ];
}

function eventDifferences(payout: StoredPayout, told: Map<string, ToldEvent>): string[] {
  const { _id, status, eventId, endedAt, reference } = payout;
  const name = `payout ${_id} is ${status}`;
  const type = status === 'paid' ? 'payout.settled' : 'payout.failed';
  if (eventId === undefined) return [`${name}, and names no event that it came of`];
  const event = told.get(eventId);
  if (event === undefined) return [`${name}, by event ${eventId}, which never came in`];
  if (event.type !== type) return [`${name}, by event ${eventId}, which is ${event.type}`];
  if (!isReadable(event, type)) return [];
  const { data } = event;
  const said: [string, unknown, unknown][] = [
    ['payoutId', _id, data.payoutId],
    ['endedAt', endedAt, data.at],
    ['reference', reference, isErasedText(reference) ? reference : (data.reference ?? reference)],
  ];
  return said
    .filter(([, is, should]) => wordOf(is) !== wordOf(should))
    .map(
      ([what, is, should]) => `payout ${_id}: ${what} is ${wordOf(is)}, and event ${eventId} says ${wordOf(should)}`,
    );
}

/** The actor of what the platform told. */
const PLATFORM = 'platform';

function payoutOf({ subject }: RecordedAct): string {
  return subject.slice('payout:'.length);
}
