import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { afterOf } from '../events/verifyActs.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { sumOf } from './batch.ts';
import type { PaydayStore, StoredApproval, StoredBatch } from './store.ts';

/**
 * Compares batches with what they are made of, with the payouts, and with the audit trail, in both directions: the lines of an
 * approved batch are those of its hash, and every one is a payout of that batch alone.
 */
export function createBatchVerification({
  store: { batches, lines: pages },
  payoutBatches,
}: {
  store: Pick<PaydayStore, 'batches' | 'lines'>;
  payoutBatches: Pick<PayoutBatches, 'unsettledOf' | 'placesOf'>;
}) {
  async function facts(trail: Pick<Trail, 'ofSubjects'>): Promise<string[]> {
    return linesOnAll(
      batches.find({}),
      1,
      ({ _id }) => `payout_batches/${_id}`,
      async ([batch]) => (batch?.approved === undefined ? [] : approvalDifferences(batch, batch.approved, trail)),
    );
  }

  async function approvalDifferences(
    { _id: cycle, pendingEffects }: StoredBatch,
    approved: StoredApproval,
    trail: Pick<Trail, 'ofSubjects'>,
  ): Promise<string[]> {
    const where = `payout_batches/${cycle}`;
    const found = (await pages.find({ key: approved.linesKey }).sort({ _id: 1 }).toArray()).flatMap(
      (page) => page.lines,
    );
    const { hash, count, total } = sumOf(cycle, found);
    const differences: string[] = [];
    if (hash !== approved.hash || count !== approved.count || total !== approved.total) {
      differences.push(
        `${where} is approved over ${approved.total} in ${approved.count} payouts, hash ${approved.hash}, and its lines are ${total} in ${count}, hash ${hash}`,
      );
    }
    const ids = new Set(found.map(({ payoutId }) => payoutId));
    const places = await payoutBatches.placesOf([...ids]);
    for (const { payoutId, amount } of found) {
      const is = places.get(payoutId);
      if (is === undefined) differences.push(`${where} pays ${payoutId}, which does not exist`);
      else if (is.batch !== cycle) differences.push(`${where} pays ${payoutId}, which is in the batch of ${is.batch}`);
      else if (is.amount !== amount) differences.push(`${where} pays ${amount} for ${payoutId}, which is ${is.amount}`);
    }
    if (pendingEffects !== undefined) return differences;
    for await (const piece of payoutBatches.unsettledOf(cycle)) {
      for (const { payoutId, status } of piece) {
        if (status !== 'due' || ids.has(payoutId)) continue;
        differences.push(`${where} is approved without ${payoutId}, which is due in it and was not carried on`);
      }
    }
    const said = (await trail.ofSubjects([`cycle:${cycle}`], [APPROVED])).at(-1);
    const by = `${approved.actor} over hash ${approved.hash}`;
    const told = said === undefined ? 'nobody did that' : `${said.actor} over hash ${afterOf(said).hash}`;
    return by === told
      ? differences
      : [...differences, `${where} is approved by ${by}, and the audit trail says ${told}`];
  }

  /** A line for each approval of the audit trail that no batch bears. */
  async function approvals(acts: RecordedAct[]): Promise<string[]> {
    const ids = acts.map(({ subject }) => subject.slice('cycle:'.length));
    const found = await batches.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(found.map((batch) => [batch._id, batch]));
    return acts.flatMap((act) => {
      const cycle = act.subject.slice('cycle:'.length);
      if (byId.get(cycle)?.approved !== undefined) return [];
      return [`payout_batches/${cycle} is not approved, but ${act.actor} did that on ${act.at.toISOString()}`];
    });
  }

  /** A line for each exclusion of the audit trail that no batch bears. */
  async function exclusions(acts: RecordedAct[]): Promise<string[]> {
    const ids = acts.map(({ subject }) => subject.slice('payout:'.length));
    const found = await batches.find({ 'excluded.payoutId': { $in: ids } }, { projection: { excluded: 1 } }).toArray();
    const known = new Set(found.flatMap(({ excluded }) => excluded.map(({ payoutId }) => payoutId)));
    return acts
      .filter((_, index) => !known.has(ids[index] ?? ''))
      .map(
        ({ subject, actor, at }) => `${subject} is in no batch excluded, but ${actor} did that on ${at.toISOString()}`,
      );
  }

  return { facts, acts: { [APPROVED]: approvals, 'payout.excluded': exclusions } };
}

const APPROVED = 'payout_batch.approved';
