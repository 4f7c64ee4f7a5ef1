import { createWriteStream, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Days, ExportFormat } from '../books/ledgerExport.ts';
import { trialBalanceCsv } from '../books/trialBalanceCsv.ts';
import type { Config } from '../config.ts';
import type { Core } from '../core.ts';
import { hasCode } from '../kernel/errors.ts';
import { withBusiness } from './business.ts';
import { tell } from './output.ts';

/** Writes the entries of some days as double entry to a file, or to standard output; exit code 0 when all are written. */
export function exportLedger(
  config: Config,
  { from, to, format, out }: Days & { format: ExportFormat; out?: string },
): Promise<number> {
  return write(config, out, ({ books }) => {
    const period = books.ledgerExport.periodOf({ from, to });
    if (period === null)
      throw new Error(`--from and --to must be days, the second one later: 2026-11-01 and 2026-12-01`);
    return books.ledgerExport.pieces({ from, to }, period, format);
  });
}

/** Writes the trial balance of a month as a table. */
export function exportTrialBalance(config: Config, { month, out }: { month: string; out?: string }): Promise<number> {
  return write(config, out, async function* ({ books, platform }) {
    yield* trialBalanceCsv(await books.months.get(month), platform.currency);
  });
}

async function write(
  config: Config,
  out: string | undefined,
  pieces: (core: Core) => AsyncIterable<string>,
): Promise<number> {
  await withBusiness(config, 'reads', async ({ core }) => {
    const text = Readable.from(pieces(core));
    if (out === undefined) await pipeline(text, process.stdout, { end: false });
    else await intoFile(text, out);
  });
  return 0;
}

/** A file is whole, or not there; one that is there stays. Reasons stand in it, so it is its owner's alone. */
async function intoFile(text: Readable, out: string): Promise<void> {
  try {
    await pipeline(text, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw new Error(`${out} is there already`, { cause: error });
    rmSync(out, { force: true });
    throw error;
  }
  tell(`written to ${out}`);
}
