import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { afterOf, type Said, saidOtherwise } from '../events/verifyActs.ts';
import { inBatches } from '../kernel/group.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { isErasedText, type Texts } from '../privacy/texts.ts';
import type { StandingStore, StoredDecision } from './store.ts';

const BATCH = 500;

/** Compares what managers decided about models, and whom they had reminded, with the audit trail, in both directions. */
export function createDecisionVerification(
  { decisions, reminders }: Pick<StandingStore, 'decisions' | 'reminders'>,
  texts: Pick<Texts, 'reveal'>,
) {
  /** A line for each decision, or reminder, of which the audit trail says nothing, or something else. */
  async function facts(trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    const nameOf = ({ _id }: StoredDecision) => `standing_decisions/${_id}`;
    const differences = await linesOnAll(decisions.find({}), BATCH, nameOf, async (batch) => {
      const acts = await trail.byKey(batch.map(({ _id }) => _id));
      const revealed = await texts.reveal('standing_decisions', batch);
      return revealed.flatMap((decision) => decisionDifferences(decision, acts.get(decision._id)));
    });
    for await (const batch of inBatches(reminders.find({}), BATCH)) {
      const acts = await trail.byKey(batch.map(({ _id }) => `invoice:${_id}:remind`));
      for (const { _id, actor } of batch) {
        const said = acts.get(`invoice:${_id}:remind`)?.actor;
        if (said === actor) continue;
        differences.push(
          `invoice_reminders/${_id} is ${actor}'s, and the audit trail says ${said ?? 'nobody'} did that`,
        );
      }
    }
    return differences;
  }

  /** A line for each act of a manager that is no decision. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const ids = batch.map(({ key }) => key);
    const found = await decisions.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    return batch
      .filter(({ key }) => !known.has(key))
      .map(
        ({ key, actor, action, at }) =>
          `standing_decisions/${key} is missing: ${actor} did ${action} on ${at.toISOString()}`,
      );
  }

  const byAction = { 'partnership.grace': acts, 'partnership.terminate': acts, 'partnership.keep': acts };
  return { facts, acts: byAction };
}

function decisionDifferences(decision: StoredDecision, act: RecordedAct | undefined): string[] {
  const { _id, modelId, kind, at, until, reason, actor, pendingEffects } = decision;
  const where = `standing_decisions/${_id}`;
  if (act === undefined) {
    // It is recorded after the decision, which bears a mark until then.
    return pendingEffects === undefined ? [`${where} is ${actor}'s, and the audit trail says nobody did that`] : [];
  }
  const said: Said[] = [
    ['modelId', `account:${modelId}`, act.subject],
    ['kind', `partnership.${kind}`, act.action],
    ['at', at, act.at],
    ['until', until, afterOf(act).until],
    ['reason', reason, act.reason],
    ['actor', actor, act.actor],
  ];
  return saidOtherwise(
    where,
    said.filter(([, is, should]) => !isErasedText(is) && !isErasedText(should)),
  );
}
