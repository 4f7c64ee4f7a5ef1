import type { Config } from '../config.ts';
import type { Core } from '../core.ts';
import { type Business, withBusiness } from './business.ts';
import { say } from './output.ts';

export type KeptAnchor = { number: number; hash: string };

/**
 * Exit code 0 when everything stored follows from its causes, and is as it was sealed, else 1 with each difference on a line.
 * `anchors`: seals that somebody kept elsewhere.
 */
export async function verify(config: Config, anchors: KeptAnchor[]): Promise<number> {
  const { differences, checked, notices } = await withBusiness(config, 'reads', async (business) => ({
    ...(await examine(business, anchors)),
    notices: await business.core.seals.notices(),
  }));
  for (const line of notices) say(`notice: ${line}`);
  for (const line of differences) say(line);
  say(differences.length === 0 ? `ok: ${checked}` : `not ok: ${differences.length} differences in ${checked}`);
  return differences.length === 0 ? 0 : 1;
}

/**
 * A service beside us is in the middle of some change now and then, so a difference counts when it is found twice.
 * `checked` says how much was checked.
 */
export async function examine(
  { core }: Pick<Business, 'core'>,
  anchors: KeptAnchor[] = [],
): Promise<{ differences: string[]; checked: string }> {
  const first = await core.verify(anchors);
  const second = first.length === 0 ? [] : new Set(await core.verify(anchors));
  const differences = first.filter((line) => new Set(second).has(line));
  const [entries, invoices] = await Promise.all([countOf(core, 'LedgerEntry'), countOf(core, 'Invoice')]);
  return { differences, checked: `${entries} ledger entries, ${invoices} invoices` };
}

function countOf({ connection }: Core, model: string): Promise<number> {
  return connection.model(model).countDocuments();
}
