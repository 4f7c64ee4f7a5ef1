import type { Config } from '../config.ts';
import type { ErasureView } from '../erasure/erasures.ts';
import { openItemWords } from '../erasure/openItems.ts';
import { NotYet } from '../events/handler.ts';
import { pause } from '../kernel/wait.ts';
import { commandActor } from './actor.ts';
import { type Business, catchUp, withBusiness } from './business.ts';
import { say } from './output.ts';

const PAUSE_MS = 200;

/**
 * Erases the person of an account and says when it is done. Exit code 1 when something is not settled with the account, each on a
 * line, or when it waits for an event; a service goes on with it then.
 */
export async function erase(config: Config, accountId: string): Promise<number> {
  const outcome = await withBusiness(config, 'writes', async (business) => {
    const { erasures, platform } = business.core;
    await catchUp(business);
    const requested = await erasures.request(accountId, commandActor());
    if (requested.kind === 'not-found') throw new Error(`there is no account ${accountId}`);
    if (requested.kind === 'refused') return requested.open.map((item) => openItemWords(item, platform.currency));
    return carryOut(business, accountId);
  });
  if (Array.isArray(outcome)) {
    say(`${accountId} cannot be erased yet; first settle:`);
    for (const line of outcome) say(`- ${line}`);
    return 1;
  }
  say(lineOf(outcome));
  return outcome.status === 'erased' ? 0 : 1;
}

/** Carries out every erasure once more. Exit code 1 when one of them waits for an event. */
export async function eraseAgain(config: Config): Promise<number> {
  const erasures = await withBusiness(config, 'writes', async (business) => {
    await catchUp(business);
    const again: ErasureView[] = [];
    for (const accountId of await business.core.erasures.requestAgain()) {
      again.push(await carryOut(business, accountId));
    }
    return again;
  });
  for (const erasure of erasures) say(lineOf(erasure));
  say(erasures.length === 1 ? '1 erasure was carried out again' : `${erasures.length} erasures were carried out again`);
  return erasures.every(({ status }) => status === 'erased') ? 0 : 1;
}

/** Until it is done, or waits for something that time alone does not bring. */
async function carryOut({ core: { erasures } }: Business, accountId: string): Promise<ErasureView> {
  for (;;) {
    const isWaiting = await erasures.run().then(
      () => false,
      (error) => {
        if (error instanceof NotYet) return true;
        throw error;
      },
    );
    const erasure = await erasures.get(accountId);
    if (erasure === null) throw new Error(`the erasure of ${accountId} is gone`);
    if (erasure.status === 'erased' || erasure.waitsFor.length > 0) return erasure;
    if (isWaiting) await pause(PAUSE_MS);
  }
}

function lineOf({ accountId, status, waitsFor }: ErasureView): string {
  if (status === 'erased') return `${accountId} is erased`;
  return `${accountId} is being erased; it waits until these events are applied or dismissed: ${waitsFor.join(', ')}`;
}
