import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { inBatches } from '../kernel/group.ts';
import { canonicalJson } from '../kernel/json.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { actKey } from './announcements.ts';
import type { ApiKeyDocument, KeyAct, RightsStore, ScopeDecisionDocument } from './store.ts';

const BATCH = 500;
const KEY_ACTIONS = ['key.created', 'key.rotated', 'key.expiry', 'key.revoked'];

type ReadTrail = Pick<Trail, 'byKey' | 'all'>;

/** Compares who has which rights with the audit trail, in both directions: nobody gives rights in the database alone. */
export async function verifyRights({ keys, decisions }: RightsStore, trail: ReadTrail): Promise<string[]> {
  return [
    ...(await verifyKeys(keys, trail)),
    ...(await missing(keys, trail, KEY_ACTIONS, (key) => /^key:(.*)#\d+$/.exec(key)?.[1] ?? key, 'api_keys')),
    ...(await verifyDecisions(decisions, trail)),
    ...(await missing(decisions, trail, DECISION_ACTIONS, (key) => key.slice('scopes:'.length), 'scope_decisions')),
  ];
}

/** A key is what its last act left; each act is in the trail, and the trail has none besides. */
async function verifyKeys(keys: RightsStore['keys'], trail: ReadTrail): Promise<string[]> {
  const nameOf = ({ _id }: ApiKeyDocument) => `api_keys/${_id}`;
  return linesOnAll(keys.find({}), BATCH, nameOf, async (batch) => {
    // One more than there are: it would be an act that the key does not have.
    const asked = batch.flatMap(({ _id, acts }) =>
      Array.from({ length: acts.length + 1 }, (_, i) => actKey(_id, i + 1)),
    );
    const recorded = await trail.byKey(asked);
    return batch.flatMap((key) => [...faultsOfActs(key, recorded), ...faultsOfState(key)]);
  });
}

function faultsOfActs(key: ApiKeyDocument, recorded: Map<string, RecordedAct>): string[] {
  const { _id, acts, noted } = key;
  const lines = acts.flatMap((act, index) => {
    const act_ = recorded.get(actKey(_id, index + 1));
    if (act_ === undefined) {
      return index >= noted
        ? []
        : [`api_keys/${_id} was ${act.action} by ${act.by}, and the audit trail says nothing of it`];
    }
    return isRecorded(act, act_)
      ? []
      : [`api_keys/${_id}: its act ${index + 1} is not what the audit trail says of it`];
  });
  const more = recorded.get(actKey(_id, acts.length + 1));
  const lost = more === undefined ? [] : [`api_keys/${_id} does not have the act ${more.action} of the audit trail`];
  return [...lines, ...lost];
}

function isRecorded({ action, by, at, after }: KeyAct, act: RecordedAct): boolean {
  const isSameAct = act.action === `key.${action}` && act.actor === by && act.at.getTime() === at.getTime();
  return isSameAct && canonicalJson(act.after) === canonicalJson(after);
}

/** What a key may do now is what its last act says; one of the environment has neither acts nor a secret. */
function faultsOfState({ _id, kind, acts, scopes, expiresAt, revokedAt, secrets }: ApiKeyDocument): string[] {
  const [newest] = secrets;
  const stands = { scopes, expiresAt, revokedAt, fingerprint: newest?.hash.slice(0, newest.fingerprint.length) ?? '' };
  const told = acts.at(-1)?.after;
  const known = new Set(acts.map(({ after }) => after.fingerprint));
  const strange = secrets.filter(({ fingerprint, hash }) => !known.has(fingerprint) || !hash.startsWith(fingerprint));
  return [
    ...(kind === 'environment' || canonicalJson(stands) === canonicalJson(told ?? null)
      ? []
      : [`api_keys/${_id} is not what its last act made of it`]),
    ...(strange.length === 0 ? [] : [`api_keys/${_id} has a secret that no act gave it`]),
  ];
}

const DECISION_ACTIONS = ['scopes.decided', 'scopes.released'];

async function verifyDecisions(decisions: RightsStore['decisions'], trail: ReadTrail): Promise<string[]> {
  const nameOf = ({ _id }: ScopeDecisionDocument) => `scope_decisions/${_id}`;
  return linesOnAll(decisions.find({}), BATCH, nameOf, async (batch) => {
    const acts = await trail.byKey(batch.map(({ _id }) => `scopes:${_id}`));
    return batch.flatMap(({ _id, accountId, scopes, by, at, effectsPending }) => {
      const act = acts.get(`scopes:${_id}`);
      // It is recorded after the decision, which bears a mark until then.
      if (act === undefined && effectsPending === true) return [];
      const isSame = act?.actor === by && act.at.getTime() === at.getTime();
      if (isSame && canonicalJson(act.after) === canonicalJson({ scopes })) return [];
      const given =
        scopes === null ? `gives ${accountId} back to the policy` : `gives ${accountId} ${scopes.join(', ')}`;
      return [`scope_decisions/${_id} ${given}, and the audit trail says otherwise`];
    });
  });
}

/** Of what the trail says was done, what is not there. */
async function missing(
  collection: RightsStore['keys'] | RightsStore['decisions'],
  trail: ReadTrail,
  actions: string[],
  idOf: (key: string) => string,
  name: string,
): Promise<string[]> {
  const lines: string[] = [];
  // Both have a text for an id.
  const documents = collection as RightsStore['decisions'];
  for await (const batch of inBatches(trail.all(actions), BATCH)) {
    const ids = [...new Set(batch.map(({ key }) => idOf(key)))];
    const found = await documents.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    for (const id of ids.filter((one) => !known.has(one))) {
      lines.push(`${name}/${id} is missing, and the audit trail says that it was made`);
    }
  }
  return lines;
}
