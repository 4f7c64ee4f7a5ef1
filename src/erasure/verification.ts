import type { Trail } from '../events/recordedAct.ts';
import { inBatches } from '../kernel/group.ts';
import { retentionKey } from './retention.ts';
import type { ErasureStore } from './store.ts';

const BATCH = 500;

/** What cannot be read any more was erased by somebody, or its time was over: the audit trail says so (docs/decisions/0025). */
export function createErasureVerification(deps: {
  store: ErasureStore;
  /** The accounts that these orders are of. */
  partiesOf: (orderIds: string[]) => Promise<Map<string, string[]>>;
}) {
  /** A line for each erasure that nobody asked for, and a notice for each that is not over. */
  async function facts(trail: Pick<Trail, 'byKey'>): Promise<{ differences: string[]; notices: string[] }> {
    const differences: string[] = [];
    const notices: string[] = [];
    for await (const batch of inBatches(deps.store.find({}), BATCH)) {
      const acts = await trail.byKey(batch.map(({ _id, round }) => `erasure:${_id}:${round}`));
      for (const { _id, state, round, requestedBy } of batch) {
        if (state !== 'done') {
          notices.push(`erasures/${_id} is under way: ${requestedBy} asked for it`);
          continue;
        }
        const said = acts.get(`erasure:${_id}:${round}`)?.actor;
        if (said === requestedBy) continue;
        differences.push(`erasures/${_id} is ${requestedBy}'s, and the audit trail says ${said ?? 'nobody'} did that`);
      }
    }
    return { differences, notices };
  }

  /** Which of these accounts are erased, or about to be. */
  async function erasedAmong(accountIds: string[]): Promise<Set<string>> {
    const found = await deps.store.find({ _id: { $in: accountIds } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Which of these are erased: `account:m1`, `day:2026-11-26`, and `order:o1` with either of its parties. */
  async function erasedOf(things: string[], trail: Pick<Trail, 'byKey'>): Promise<Set<string>> {
    const parties = await deps.partiesOf(idsOf('order', things));
    const erased = await erasedAmong([...idsOf('account', things), ...[...parties.values()].flat()]);
    const days = await trail.byKey(idsOf('day', things).map(retentionKey));
    return new Set([
      ...[...erased].map((id) => `account:${id}`),
      ...[...parties].filter(([, ids]) => ids.some((id) => erased.has(id))).map(([id]) => `order:${id}`),
      ...[...days.values()].map(({ subject }) => subject),
    ]);
  }

  return { facts, erasedAmong, erasedOf };
}

function idsOf(kind: string, things: string[]): string[] {
  return things.filter((thing) => thing.startsWith(`${kind}:`)).map((thing) => thing.slice(kind.length + 1));
}
