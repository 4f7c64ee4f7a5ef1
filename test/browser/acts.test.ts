import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { scratchFolder } from '../support/scratch.ts';
import { TEST_SECRET } from '../support/service.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { BEGIN, NAMES, owe } from './debtors.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** Three weeks past due, so that the partnership with every model is under review. */
const NOW = '2026-04-03T09:00:00Z';

/** Each width has people and things of its own, so that every act is done at both. */
const SCREENS = [
  { screen: WIDE, first: 1, of: 'wide' },
  { screen: NARROW, first: 7, of: 'narrow' },
];

describeMorePages('the acts of a manager', () => {
  let receiver: PlatformReceiver;
  const here = startPlace(
    async () => {
      receiver = await startPlatformReceiver(TEST_SECRET);
      // Without an answer for longer than it is tried, webhooks are parked.
      receiver.behave(503);
      const policy = join(mkdtempSync(join(scratchFolder(), 'acts-')), 'policy.json');
      writeFileSync(policy, JSON.stringify({ promises: { enabled: true } }));
      const platform = { PLATFORM_WEBHOOK_URL: receiver.url, PLATFORM_WEBHOOK_SECRET: TEST_SECRET };
      const service = await startConsoleService({ TEST_CLOCK_START: BEGIN, POLICY_FILE: policy, ...platform });
      await service.send(
        tell.account('boss', 'manager', { name: 'Boss' }),
        ...SCREENS.flatMap(({ of }) => [tell.account(`x-${of}`, 'marketer'), tell.topUp(`q-${of}`, `x-${of}`, 700)]),
      );
      await owe(service, NAMES.length, NOW);
      return service;
    },
    { stop: () => receiver?.close() },
  );

  const api = async (path: string) => (await here.service.api('GET', path)).body;
  const acts = async (subject: string) =>
    (await api(`/v1/audit?subject=${encodeURIComponent(subject)}&actor=boss`)).items.map(
      ({ action }: { action: string }) => action,
    );

  /** Opens the dialog of an act, fills in what it asks for, does it, and waits until it is done. */
  async function act(page: Page, name: string, { says, fill = {}, doIt = name, done = 1 }: Doing = {}): Promise<void> {
    await page.getByRole('button', { name, exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    if (says !== undefined) await dialog.getByText(says).first().waitFor();
    for (const [label, value] of Object.entries(fill)) await dialog.getByLabel(label).fill(value);
    await dialog.getByRole('button', { name: doIt }).click();
    await dialog.getByText(`${done} done, 0 refused, 0 without an answer`).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  test.each(SCREENS)('keeps one model under review, and terminates another ($of)', async ({ screen, first }) => {
    const visit = await here.open('boss', { screen, path: `/accounts/m${first}` });
    const { page } = visit;
    expect(await api(`/v1/models/m${first}/standing`)).toMatchObject({ terminationReview: true });
    await act(page, 'Keep', { fill: { Reason: 'a good year before' } });
    expect(await api(`/v1/models/m${first}/standing`)).toMatchObject({ terminationReview: false, terminated: false });
    expect(await acts(`account:m${first}`)).toContain('partnership.keep');
    await page.goto(`${here.service.origin}/console/accounts/m${first + 1}`);
    await act(page, 'Terminate', { fill: { Reason: 'never paid' } });
    expect(await api(`/v1/models/m${first + 1}/standing`)).toMatchObject({ terminated: true, campaigns: 'stopped' });
    await page.getByText('Campaigns', { exact: true }).locator('..').getByText('stopped').waitFor();
    await visit.check('account-terminated');
    // Once is enough: the service says that it is over.
    await page.getByRole('button', { name: 'Terminate', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    visit.allow(/409/);
    await visit.end();
  });

  test.each(SCREENS)(
    'promises for a model, which the list of what is overdue says ($of)',
    async ({ screen, first }) => {
      const id = `2026-W10:m${first + 2}`;
      const visit = await here.open('boss', { screen, path: `/invoices/${id}` });
      const { page } = visit;
      await act(page, 'Promise', { says: /put off to/, fill: { Until: '2026-04-08' } });
      expect(await api(`/v1/invoices/${id}`)).toMatchObject({ promise: { status: 'running' } });
      await page.goto(`${here.service.origin}/console/overdue`);
      const row = page.getByRole('row', { name: NAMES[first + 1] ?? '' });
      await row
        .getByText(/promised|8 Apr 2026/)
        .first()
        .waitFor();
      await visit.check('overdue-promised');
      await page.goto(`${here.service.origin}/console/invoices/${id}`);
      await act(page, 'Refuse the promise', { fill: { Reason: 'not again' } });
      expect(await api(`/v1/invoices/${id}`)).toMatchObject({ promise: { status: 'refused' } });
      await visit.end();
    },
  );

  test.each(SCREENS)('grants grace to one model, with its end on the screen ($of)', async ({ screen, first }) => {
    const visit = await here.open('boss', { screen, path: `/accounts/m${first + 3}` });
    const { page } = visit;
    await act(page, 'Grace', { fill: { 'For days, 1 to 365': '3', Reason: 'the bank is slow' } });
    expect(await api(`/v1/models/m${first + 3}/standing`)).toMatchObject({ campaigns: 'running' });
    await page
      .getByText(/6 April 2026|6 Apr 2026/)
      .first()
      .waitFor();
    await visit.check('account-grace');
    await visit.end();
  });

  test.each(SCREENS)('writes off several invoices that are chosen ($of)', async ({ screen, first }) => {
    const visit = await here.open('boss', { screen, path: '/overdue' });
    const { page } = visit;
    const ids = [first + 4, first + 5].map((n) => `2026-W10:m${n}`);
    for (const id of ids) await page.getByRole('checkbox', { name: new RegExp(`${id}$`) }).check();
    await page.getByText('2 selected').waitFor();
    await act(page, 'Write off', { fill: { Reason: 'nothing to get' }, doIt: 'Write off $', done: 2 });
    for (const id of ids) {
      expect(await api(`/v1/invoices/${id}`)).toMatchObject({ status: 'written_off' });
      await page.getByRole('checkbox', { name: new RegExp(`${id}$`) }).waitFor({ state: 'detached' });
    }
    await visit.end();
  });

  test.each(SCREENS)(
    'dismisses an event, and replays it once it has an effect, which is shown before ($of)',
    async ({ screen, of }) => {
      const [event, account] = [`topup-q-${of}`, `x-${of}`];
      const visit = await here.open('boss', { screen, path: `/events/${event}` });
      const { page } = visit;
      await act(page, 'Dismiss', { fill: { Reason: 'for a marketer' }, doIt: 'Dismiss 1 event' });
      expect(await api(`/v1/events/${event}`)).toMatchObject({ status: 'ignored' });
      await here.service.send(tell.account(account, 'model', { id: `${account}-model`, at: NOW }));
      await page.reload();
      await page.getByRole('button', { name: 'Replay' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('It would be applied').waitFor();
      await dialog.getByText(`model:${account}`).first().waitFor();
      await dialog.getByText('$7.00').first().waitFor();
      expect((await api(`/v1/accounts/${account}`)).balance).toBe(0);
      await visit.check('event-foreseen');
      await dialog.getByRole('button', { name: 'Replay 1 event' }).click();
      await dialog.getByText('applied').first().waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect((await api(`/v1/accounts/${account}`)).balance).toBe(700);
      expect(await acts(`event:${event}`)).toEqual(['event.replay', 'event.dismiss']);
      await visit.end();
    },
  );

  test.each(SCREENS)('sends a parked webhook again, and shows that it is there ($of)', async ({ screen }) => {
    const visit = await here.open('boss', { screen, path: '/webhooks?state=parked' });
    const { page } = visit;
    const link = page.getByRole('table').getByRole('link').first();
    await link.waitFor();
    await visit.check('webhooks-parked');
    await link.click();
    await page.getByRole('heading', { name: /^Webhook / }).waitFor();
    const id = decodeURIComponent(page.url().split('/').at(-1) ?? '');
    receiver.behave(204);
    await act(page, 'Send again', { doIt: 'Send 1 webhook' });
    // What is told of the same subject before it goes first, when it is tried next.
    await here.service.moveTo(screen === WIDE ? '2026-04-03T12:00:00Z' : '2026-04-03T15:00:00Z');
    expect((await api(`/v1/webhooks/${encodeURIComponent(id)}`)).status).toBe('delivered');
    expect(receiver.taken.map((one) => one.id)).toContain(id);
    // The page follows by itself.
    await page.locator('.page-head', { hasText: 'delivered' }).waitFor();
    await visit.end();
  });

  test.each(SCREENS)('chooses each of their settings, which stay ($of)', async ({ screen }) => {
    const visit = await here.open('boss', { screen, path: '/settings' });
    const { page } = visit;
    const choose = async (setting: string, choice: string) => {
      await page.getByRole('button', { name: setting, exact: true }).click();
      await page.getByRole('button', { name: choice, exact: true }).click();
      await page.getByRole('button', { name: setting, exact: true }).waitFor();
    };
    const [quiet, news, alerts] = screen === WIDE ? ['23:00–07:00', 'off', 'once a day'] : ['none', 'on', 'never'];
    await choose('Quiet hours', quiet);
    await choose('Regular news', news);
    await choose('Alerts', alerts);
    await page.reload();
    for (const value of [quiet, news, alerts]) await page.locator('dd', { hasText: value }).first().waitFor();
    await visit.check('settings-chosen');
    expect(await acts('account:boss')).toContain('account.settings');
    await visit.end();
  });
});

type Doing = { says?: RegExp; fill?: Record<string, string>; doIt?: string; done?: number };
