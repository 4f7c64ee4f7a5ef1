import type { Config } from '../config.ts';
import { previewCsv } from '../simulation/previewCsv.ts';
import { previewText } from '../simulation/words.ts';
import { withBusiness } from './business.ts';

/** Shows what the next run would do, in words or, account by account, as CSV; writes nothing. */
export async function simulate(config: Config, run: 'monday' | 'payday', asCsv: boolean): Promise<number> {
  const text = await withBusiness(config, 'reads', async ({ core }) => {
    const preview = await core.simulation[run]();
    return asCsv
      ? previewCsv(preview, core.accounts, core.platform.currency)
      : `${previewText(preview, core.platform)}\n`;
  });
  process.stdout.write(text);
  return 0;
}
