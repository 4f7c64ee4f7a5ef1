import { afterAll, expect, test } from 'vitest';

import { ended, workplace } from '../cli/command.ts';
import { eventually } from '../support/eventually.ts';
import { describeMorePages, startBrowser, startVisit } from './browser.ts';
import { openPage } from './everyPage.ts';

/** `settlebot demo --console`, as README.md says it: a world to look around in, until Ctrl-C. */
describeMorePages('the demo in the console', () => {
  const place = workplace();
  afterAll(() => place.close());

  test('prints links that open its world for a manager and for whoever is asked for, and ends by Ctrl-C', async () => {
    const demo = place.start(['demo', '--quick', '--console']);
    const [end, browser] = [ended(demo), await startBrowser()];
    let out = '';
    demo.stdout?.on('data', (chunk) => {
      out += chunk;
    });
    const linkOf = async (who: string) => {
      const found = () => new RegExp(`${who}, for 60 seconds and once: (\\S+)\n`).exec(out)?.[1];
      await eventually(() => found() !== undefined, { withinMs: 400_000, what: `a link of ${who}` });
      return found() ?? '';
    };
    try {
      const link = await linkOf('Olga, manager');
      const { origin } = new URL(link);
      const olga = await startVisit(browser, origin);
      await olga.page.goto(link);
      await olga.page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
      for (const [path, name] of [
        ['/accounts', 'Bella'],
        ['/orders', 'fans-1'],
        ['/payday', '16 Jul 2026'],
        ['/commissions', 's1~first'],
        ['/audit', 'payout:2026-07-16:felix'],
      ] as const) {
        await openPage(olga.page, `${origin}/console${path}`);
        await olga.page.getByRole('link', { name, exact: true }).first().waitFor();
      }
      demo.stdin?.write('nobody\nDana\n');
      const dana = await startVisit(browser, origin);
      await dana.page.goto(await linkOf('Dana, model'));
      await dana.page.getByRole('heading', { level: 1, name: 'Hello, Dana' }).waitFor();
      expect(out).toContain('There is no nobody in the demo.');
      // With both pages open, which listen to what happens.
      demo.kill('SIGINT');
      const { code, err } = await end;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      for (const visit of [olga, dana]) {
        visit.allow(/ERR_CONNECTION|ERR_INCOMPLETE|ERR_NETWORK|Failed to load resource/);
        await visit.end();
      }
    } finally {
      await browser.close();
    }
  }, 600_000);
});
