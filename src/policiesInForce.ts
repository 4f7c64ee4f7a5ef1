import type { AuditRecord, AuditTrail } from './audit/audit.ts';
import { hashOf } from './kernel/ids.ts';
import { canonicalJson } from './kernel/json.ts';
import { type Policy, policySchema } from './policy.ts';

/** Every policy that the service has worked by since it began to note them, the present one first. */
export type PoliciesInForce = { policies: Policy[]; since: Date | null };

const ACTION = 'policy.applied';

/** That the service works by a policy from here on, for the audit trail: once for each, however often it starts. */
export function policyRecord(policy: Policy, now: Date): AuditRecord {
  const key = `policy:${hashOf(canonicalJson(policy))}`;
  return { key, actor: 'service', action: ACTION, subject: key, after: policy, at: now };
}

/** What was due, discounted or held by an earlier policy stands, so what was decided is compared with each of them. */
export async function policiesInForce(trail: Pick<AuditTrail, 'all'>, present: Policy): Promise<PoliciesInForce> {
  const policies = [present];
  const instants: number[] = [];
  for await (const { after, at } of trail.all([ACTION])) {
    instants.push(at.getTime());
    const parsed = policySchema.safeParse(after);
    // One of an earlier version may have keys that there are none of any more.
    if (parsed.success) policies.push(parsed.data);
  }
  return { policies, since: instants.length === 0 ? null : new Date(Math.min(...instants)) };
}
