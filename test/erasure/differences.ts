import type { World } from '../support/world.ts';

/** What `verify` finds beside the entries that tests pay money back with, so that nothing is open with somebody. */
export async function differencesOf({ core }: Pick<World, 'core'>): Promise<string[]> {
  const ofPaidBack = /^ledger_entries\/(payback|out): no rule writes such an entry$/;
  return (await core.verify()).filter((line) => !ofPaidBack.test(line));
}
