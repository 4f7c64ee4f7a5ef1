import type { Config } from '../config.ts';
import type { Core } from '../core.ts';
import type { KeptSeal } from '../seals/anchorFile.ts';
import type { Verification } from '../verification.ts';
import { type Business, withBusiness } from './business.ts';
import { say } from './output.ts';
import { pendingActs } from './pendingActs.ts';

/**
 * Exit code 0 when everything stored follows from its causes, and is as it was sealed, else 1 with each difference on a line.
 * What was decided a moment ago, and has not had all its effects, is told as pending, and is no difference.
 * What cannot be compared any more, or was admitted late, is noted, and no difference. `anchors`: seals that somebody kept
 * elsewhere. With `repairs`, what is proven to be wrong is mended first, with a line for each; the code is of what is left.
 */
export async function verify(config: Config, anchors: KeptSeal[], repairs: boolean): Promise<number> {
  const { differences, notices, pending, checked } = await withBusiness(
    config,
    repairs ? 'writes' : 'reads',
    async (business) => {
      if (repairs) for (const line of await business.core.repair()) say(`mended: ${line}`);
      return examine(business, anchors);
    },
  );
  for (const line of notices) say(`notice: ${line}`);
  for (const line of pending) say(`pending: ${line}`);
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
  anchors: KeptSeal[] = [],
): Promise<Verification & { pending: string[]; checked: string }> {
  const first = await core.examine(anchors);
  const { told, stuck, isAbout } = await pendingActs(core.followUps, core.clock);
  const second = new Set(first.differences.length === 0 ? [] : (await core.examine(anchors)).differences);
  const found = first.differences.filter((line) => second.has(line));
  const differences = [...found.filter((line) => !isAbout(line)), ...stuck];
  const [entries, invoices] = await Promise.all([countOf(core, 'LedgerEntry'), countOf(core, 'Invoice')]);
  const pending = [...told, ...found.filter(isAbout)];
  return { differences, notices: first.notices, pending, checked: `${entries} ledger entries, ${invoices} invoices` };
}

function countOf({ connection }: Core, model: string): Promise<number> {
  return connection.model(model).countDocuments();
}
