import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { startConsoleService, startPlace } from './visit.ts';

const BEGIN = '2026-03-02T09:00:00Z';

/** Webhooks to a platform that does not answer. */
describeMorePages('webhooks out', () => {
  const here = startPlace(async () => {
    const platform = { PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9/hooks', PLATFORM_WEBHOOK_SECRET: SECRET };
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN, ...platform });
    await service.send(
      tell.account('boss', 'manager', { name: 'Boss' }),
      tell.account('ava', 'model'),
      tell.account('max', 'marketer'),
      ...['o1', 'o2'].map((id) => tell.order(id, { modelId: 'ava', marketerId: 'max', placedAt: BEGIN })),
    );
    for (const id of ['o1', 'o2']) await service.api('POST', `/v1/orders/${id}/accept`);
    await service.api('POST', '/test/settle');
    return service;
  });

  test.each([WIDE, NARROW])('are listed and opened at $width pixels', async (screen) => {
    const visit = await here.open('boss', { screen, path: '/webhooks?state=due' });
    const { page } = visit;
    await page.getByRole('link', { name: 'order.accepted' }).first().waitFor();
    await visit.check('webhooks');
    await page.getByRole('link', { name: 'Delivered' }).click();
    await page.getByText('There are no such webhooks.').waitFor();
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.getByRole('link', { name: 'order.accepted' }).first().click();
    await page.getByRole('heading', { name: /^Webhook / }).waitFor();
    await page.getByText('"orderId": "o').waitFor();
    await visit.check('webhook');
    await visit.end();
  });

  test('are sent again, one and a selection', async () => {
    const visit = await here.open('boss', { path: '/webhooks' });
    const { page } = visit;
    await page.getByRole('checkbox', { name: 'Select all rows shown' }).check();
    await page.getByRole('button', { name: 'Send again' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Send \d+ webhooks$/ }).click();
    await dialog.getByText(/^\d+ done, 0 refused/).waitFor();
    await visit.check('webhooks-replayed');
    await dialog.getByRole('button', { name: 'Close' }).click();
    const { items } = (await here.service.api('GET', '/v1/webhooks')).body;
    for (const { webhookId } of items) expect(await replays(webhookId)).toBe(1);
    await page.getByRole('link', { name: 'order.accepted' }).first().click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await dialog.getByRole('button', { name: 'Send 1 webhook' }).click();
    await dialog.getByText('1 done, 0 refused').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await replays(decodeURIComponent(page.url().split('/').at(-1) ?? ''))).toBe(2);
    await visit.end();
  });

  async function replays(id: string): Promise<number> {
    const { items } = (await here.service.api('GET', `/v1/audit?subject=${encodeURIComponent(`webhook:${id}`)}`)).body;
    return items.filter(
      ({ action, actor }: { action: string; actor: string }) => action === 'webhook.replay' && actor.includes('boss'),
    ).length;
  }
});

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
