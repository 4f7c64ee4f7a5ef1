import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { startConsoleService, startPlace } from './visit.ts';

const BEGIN = '2026-03-02T09:00:00Z';
const PAID = '2026-03-02T08:00:00Z';

/** Events of campaigns that nobody knows wait; those that contradict what is known are in quarantine. */
describeMorePages('events', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(
      tell.account('boss', 'manager', { name: 'Boss' }),
      tell.account('c', 'marketer'),
      ...['q1', 'q2', 'q3'].map((id) => tell.topUp(id, 'c', 500)),
      tell.payment('w1', 100, PAID, { campaignId: 'unknown' }),
      tell.payment('w2', 100, PAID, { campaignId: 'unknown' }),
    );
    return service;
  });

  const stateOf = async (id: string) => (await here.service.api('GET', `/v1/events/${id}`)).body.status;

  test.each([WIDE, NARROW])(
    'are listed with what is wrong and what waits for what at $width pixels',
    async (screen) => {
      const visit = await here.open('boss', { screen, path: '/events' });
      const { page } = visit;
      await page.getByRole('link', { name: 'topup-q1' }).waitFor();
      await page.getByText('only a model has a balance to top up').first().waitFor();
      await visit.check('events');
      await page.getByRole('link', { name: 'Waiting' }).click();
      await page.waitForURL(/show=waiting/);
      const lacking = page.getByRole('table', { name: 'What waits for what' });
      await lacking.getByRole('row', { name: /campaign unknown/ }).waitFor();
      expect(await lacking.getByRole('row').nth(1).innerText()).toMatch(/model c\D*3/);
      expect(await lacking.getByRole('row').nth(2).innerText()).toMatch(/campaign unknown\D*2/);
      await visit.check('events-waiting');
      await page.getByRole('link', { name: 'payment-w1' }).click();
      await page.getByRole('heading', { name: 'Event payment-w1' }).waitFor();
      await page.getByText('"campaignId": "unknown"').waitFor();
      expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);
      await visit.check('event');
      await page.goto(`${here.service.origin}/console/events?show=all`);
      await page.getByRole('link', { name: 'account-c' }).waitFor();
      await visit.end();
    },
  );

  test('are replayed, which says beforehand what it would change and afterwards what became of it', async () => {
    const visit = await here.open('boss', { path: '/events/topup-q1' });
    const { page } = visit;
    await page.getByRole('button', { name: 'Replay' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/It would fail again|cannot say beforehand/).waitFor();
    visit.allow(/422/);
    await visit.check('event-replay');
    await dialog.getByRole('button', { name: 'Replay 1 event' }).click();
    await dialog.getByText(/quarantined: .*only a model has a balance/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    const { items } = (await here.service.api('GET', '/v1/audit?subject=event:topup-q1')).body;
    expect(
      items.map(({ action, actor }: { action: string; actor: string }) => `${action} ${actor.includes('boss')}`),
    ).toEqual(['event.replay true']);
    await visit.end();
  });

  test('of a selection are replayed and dismissed one by one', async () => {
    await here.service.send(tell.account('d', 'marketer'), ...['r1', 'r2'].map((id) => tell.topUp(id, 'd', 500)));
    const visit = await here.open('boss', { path: '/events' });
    const { page } = visit;
    for (const id of ['r1', 'r2']) await page.getByRole('checkbox', { name: `topup-${id}` }).check();
    await page.getByRole('button', { name: 'Replay' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Replay 2 events' }).click();
    await dialog.getByText('2 done, 0 refused').waitFor();
    expect(await dialog.getByText(/quarantined: /).count()).toBe(2);
    await visit.check('events-replayed');
    await dialog.getByRole('button', { name: 'Close' }).click();
    for (const id of ['r1', 'r2']) await page.getByRole('checkbox', { name: `topup-${id}` }).check();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await dialog.getByLabel('Reason').fill('Sent for a marketer');
    await dialog.getByRole('button', { name: 'Dismiss 2 events' }).click();
    await dialog.getByText('2 done, 0 refused').waitFor();
    expect([await stateOf('topup-r1'), await stateOf('topup-r2')]).toEqual(['ignored', 'ignored']);
    await page.goto(`${here.service.origin}/console/events/topup-r1`);
    await page.getByText(/Dismissed by .*boss.*: Sent for a marketer/).waitFor();
    await visit.end();
  });

  test('that waited go on, and the page shows it when it is looked at again', async () => {
    const visit = await here.open('boss', { path: '/events/payment-w2' });
    await visit.page.locator('.page-head', { hasText: 'waiting' }).waitFor();
    await here.service.send(
      tell.account('m', 'model'),
      tell.account('e', 'marketer'),
      tell.campaign('unknown', 'm', 'e', 5_000),
    );
    await eventually(async () => (await stateOf('payment-w2')) === 'applied', { what: 'the payment being applied' });
    await visit.page.reload();
    await visit.page.locator('.page-head', { hasText: 'applied' }).waitFor();
    await visit.end();
  });
});
