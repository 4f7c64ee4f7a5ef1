import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW } from './browser.ts';
import { startPeople } from './people.ts';
import { startPlace } from './visit.ts';

/** What each may hear of, and how often (docs/chat.md). */
const PEOPLE = [
  { accountId: 'm1', role: 'model', topics: ['Receipts', 'Orders'] },
  { accountId: 'max', role: 'marketer', topics: ['Orders', 'Payouts'] },
  { accountId: 'kim', role: 'affiliate', topics: ['Commissions', 'Approvals', 'Payouts'] },
] as const;

const AT = '2026-03-20T08:00:00Z';

describeMorePages('the settings of people, on a telephone', () => {
  const here = startPlace(startPeople);

  test.each(PEOPLE)('of a $role are chosen one by one, and stay so', async ({ accountId, role, topics }) => {
    const visit = await here.open(accountId, { screen: NARROW, path: '/settings' });
    const { page } = visit;
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const wanted: Record<string, string> = {
      'Quiet hours': 'none',
      Messages: 'to Telegram alone',
      // A marketer hears of each order, and has no week to be told of.
      ...(role === 'marketer' ? {} : { 'Regular news': 'off' }),
      ...Object.fromEntries(topics.map((topic, index) => [topic, index === 0 ? 'never' : 'once a week'])),
    };
    for (const [setting, choice] of Object.entries(wanted)) {
      await button(setting).press('Enter');
      await button(choice).press('Enter');
      await button(setting).waitFor();
      // What was pressed is there no more; whoever uses keys is still at the settings.
      expect(await page.evaluate(IN_SETTINGS)).toBe(true);
    }
    await visit.check(`settings-${accountId}`);
    await page.reload();
    await button('Quiet hours').waitFor();
    for (const [setting, choice] of Object.entries(wanted)) {
      const fact = page.locator('.facts div').filter({ has: page.locator('dt', { hasText: setting }) });
      expect([setting, await fact.locator('dd').first().innerText()]).toEqual([setting, choice]);
    }
    const { items } = (await here.service.api('GET', `/v1/audit?subject=account:${accountId}`)).body;
    const changes = items.filter(({ action }: { action: string }) => action === 'account.settings');
    expect(changes).toHaveLength(Object.keys(wanted).length);
    await visit.end();
  });

  test.each(PEOPLE)('of a $role: the language changes all of the page, and stays', async ({ accountId }) => {
    const visit = await here.open(accountId, { screen: NARROW, path: '/settings' });
    const { page } = visit;
    const is = async (language: string, title: string) => {
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe(language);
    };
    await page.getByRole('button', { name: 'Language', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Українська' }).press('Enter');
    await is('uk', 'Налаштування');
    await visit.check(`settings-uk-${accountId}`);
    await page.reload();
    await is('uk', 'Налаштування');
    await page.getByRole('button', { name: 'Мова', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'English' }).press('Enter');
    await is('en', 'Settings');
    await page.reload();
    await is('en', 'Settings');
    await visit.end();
  });

  test.each(PEOPLE)('of a $role: dates are in the zone that the platform says', async ({ accountId, role }) => {
    const visit = await here.open(accountId, { screen: NARROW, path: '/settings' });
    const { page } = visit;
    for (const [at, timeZone] of [
      [AT, 'America/Sao_Paulo'],
      ['2026-03-20T08:00:01Z', 'Asia/Tokyo'],
    ] as const) {
      await here.service.send(
        tell.account(accountId, role, { id: `${accountId}-${at}`, at, name: accountId, timeZone }),
      );
      await page.reload();
      await page.locator('.lead', { hasText: timeZone }).waitFor();
    }
    const used = page.getByRole('table').getByRole('row').nth(1);
    expect(await used.innerText()).toContain(timeIn('Asia/Tokyo'));
    await visit.end();
  });

  test.each(PEOPLE)('of a $role: a session is ended from another, and then all', async ({ accountId }) => {
    const [one, other] = [await here.open(accountId, { screen: NARROW }), await here.open(accountId)];
    const { page } = one;
    await page.goto(`${here.service.origin}/console/settings`);
    const ends = page.getByRole('button', { name: 'End', exact: true });
    await ends.first().waitFor();
    await one.check(`settings-sessions-${accountId}`);
    for (let left = await ends.count(); left > 0; left -= 1) {
      await ends.first().press('Enter');
      await expect.poll(() => ends.count()).toBe(left - 1);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Where the console is open');
    }
    await other.page.getByRole('heading', { name: 'Nobody is signed in here' }).waitFor();
    await page.reload();
    await page.getByRole('table').waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBe(2);
    await page.getByRole('button', { name: 'End all' }).press('Enter');
    await page.getByRole('heading', { name: 'Nobody is signed in here' }).waitFor();
    for (const visit of [one, other]) {
      visit.allow(/401/);
      await visit.end();
    }
  });
});

/** The hour of the service's clock, which stands still. */
function timeIn(timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    Date.parse('2026-03-20T09:00:00Z'),
  );
}

const IN_SETTINGS = `document.querySelector('.message').closest('.section').contains(document.activeElement)`;
