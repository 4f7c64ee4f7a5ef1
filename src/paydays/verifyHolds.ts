import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { afterOf, type Said, saidOtherwise } from '../events/verifyActs.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { isErasedText, type Texts } from '../privacy/texts.ts';
import type { PaydayStore, StoredHold } from './store.ts';

const BATCH = 500;

/** Compares holds of payouts with the audit trail, in both directions. */
export function createHoldVerification({
  store: { holds },
  texts,
}: {
  store: Pick<PaydayStore, 'holds'>;
  texts: Pick<Texts, 'reveal'>;
}) {
  /** A line for each hold, or release, of which the audit trail says nothing, or something else. */
  async function facts(trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    const nameOf = ({ _id }: StoredHold) => `payout_holds/${_id}`;
    return linesOnAll(holds.find({}), BATCH, nameOf, async (batch) => {
      const acts = await trail.byKey(batch.flatMap(({ _id }) => [_id, `${_id}:released`]));
      const revealed = await texts.reveal('payout_holds', batch);
      return revealed.flatMap((hold) => [
        ...differences(hold, 'held', hold, acts.get(hold._id)),
        ...(hold.released === undefined
          ? []
          : differences(hold, 'released', hold.released, acts.get(`${hold._id}:released`))),
      ]);
    });
  }

  /** A line for each act that is no hold, or released none. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const ids = batch.map(({ key }) => key.replace(/:released$/, ''));
    const found = await holds.find({ _id: { $in: ids } }, { projection: { released: 1 } }).toArray();
    const known = new Map(found.map((hold) => [hold._id, hold]));
    return batch.flatMap(({ key, actor, action, at }) => {
      const hold = known.get(key.replace(/:released$/, ''));
      const did = `${actor} did ${action} on ${at.toISOString()}`;
      if (hold === undefined) return [`payout_holds/${key} is missing: ${did}`];
      const isThere = action === 'payout.held' || hold.released !== undefined;
      return isThere ? [] : [`payout_holds/${hold._id} is not released, but ${did}`];
    });
  }

  return { facts, acts: { 'payout.held': acts, 'payout.released': acts } };
}

function differences(
  { _id, subject, until, pendingEffects }: StoredHold,
  what: 'held' | 'released',
  is: { at: Date; actor: string; reason: string },
  act: RecordedAct | undefined,
): string[] {
  const where = `payout_holds/${_id}`;
  if (act === undefined) {
    // It is recorded after the hold, which bears a mark until then.
    return pendingEffects === true
      ? []
      : [`${where} is ${what} by ${is.actor}, and the audit trail says nobody did that`];
  }
  const said: Said[] = [
    [`subject of what is ${what}`, subject, act.subject],
    [`at of what is ${what}`, is.at, act.at],
    [`until of what is ${what}`, until, afterOf(act).until],
    [`reason of what is ${what}`, is.reason, act.reason],
    [`actor of what is ${what}`, is.actor, act.actor],
  ];
  return saidOtherwise(
    where,
    said.filter(([, one, other]) => !isErasedText(one) && !isErasedText(other)),
  );
}
