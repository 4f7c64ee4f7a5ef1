import type { Config } from '../config.ts';
import { withBusiness } from './business.ts';
import { say } from './output.ts';

const ACTOR = 'command line';

const ANSWERS = {
  admitted: 'it goes into the next seal',
  sealed: 'it is sealed already',
  'not-late': 'it will be sealed by itself',
  'not-found': 'there is no such document',
  'not-sealed': 'nothing of that collection is sealed',
  'no-key': 'there is no key to say so with: set SEAL_KEY',
} as const;

/** Says of a document that `verify` found behind the seals that it is genuine; exit code 0 when it is taken. */
export async function sealLate(config: Config, collection: string, id: string, reason: string): Promise<number> {
  const answer = await withBusiness(config, 'writes', async ({ core }) => {
    const at = core.clock.now();
    const admitted = await core.seals.admit(collection, id, { actor: ACTOR, reason, at });
    if (admitted !== 'admitted') return admitted;
    await core.audit.record({ actor: ACTOR, action: 'seal.admitted', subject: `${collection}:${id}`, reason, at });
    await core.seals.sealDue(at);
    return admitted;
  });
  say(`${collection} ${id}: ${ANSWERS[answer]}`);
  return answer === 'admitted' || answer === 'sealed' ? 0 : 1;
}
