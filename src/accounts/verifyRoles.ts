import type { Trail } from '../events/recordedAct.ts';
import { inBatches } from '../kernel/group.ts';
import { linesOnAll } from '../kernel/lines.ts';
import type { AccountStore, RoleDecisionDocument } from './store.ts';

const BATCH = 500;

type ReadTrail = Pick<Trail, 'byKey' | 'all'>;

/** Compares what the owner decided about roles with the audit trail, in both directions. */
export async function verifyRoles(
  { roleDecisions }: Pick<AccountStore, 'roleDecisions'>,
  trail: ReadTrail,
): Promise<string[]> {
  const nameOf = ({ _id }: RoleDecisionDocument) => `role_decisions/${_id}`;
  const decided = await linesOnAll(roleDecisions.find({}), BATCH, nameOf, async (batch) => {
    const differences: string[] = [];
    const acts = await trail.byKey(batch.map(({ _id }) => `role:${_id}`));
    for (const { _id, accountId, role, by, at, effectsPending } of batch) {
      const act = acts.get(`role:${_id}`);
      // It is recorded after the decision, which bears a mark until then.
      if (act === undefined && effectsPending === true) continue;
      if (act?.actor === by && roleIn(act.after) === role && act.at.getTime() === at.getTime()) continue;
      const said =
        act === undefined ? 'nobody did that' : `${act.actor} made it ${roleIn(act.after) ?? 'as the platform says'}`;
      const made = role === null ? `gives ${accountId} back` : `makes ${accountId} ${role}`;
      differences.push(`role_decisions/${_id} ${made}, and the audit trail says ${said}`);
    }
    return differences;
  });
  const missing: string[] = [];
  for await (const batch of inBatches(trail.all(['role.decided', 'role.released']), BATCH)) {
    const ids = batch.map(({ key }) => key.slice('role:'.length));
    const found = await roleDecisions.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    for (const id of ids.filter((one) => !known.has(one))) {
      missing.push(`role_decisions/${id} is missing, and the audit trail says that it was made`);
    }
  }
  return [...decided, ...missing];
}

function roleIn(after: unknown): unknown {
  return typeof after === 'object' && after !== null && 'role' in after ? after.role : null;
}
