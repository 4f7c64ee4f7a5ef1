import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepTest } from './support/depth.ts';
import { eventually } from './support/eventually.ts';
import type { PlatformEvent } from './support/platform.ts';
import { startTestService, TEST_KEY, TEST_SECRET, type TestService } from './support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from './support/telegram.ts';

const NAME = 'Elena the Great';
const CHAT = 7_001;
const at = '2026-02-01T00:00:00Z';
const lines: Record<string, unknown>[] = [];
const log = pino({ level: 'trace' }, { write: (line) => lines.push(JSON.parse(line)) });
let service: TestService;
let telegram: TelegramStandIn;
let counted = 0;

function event(type: string, data: Record<string, unknown>, timestamp = at): PlatformEvent {
  counted += 1;
  return { id: `evt-${counted}`, type, timestamp, data };
}

function logged(message: string) {
  return lines.filter(({ msg }) => msg === message).map(({ time, level, msg, pid, hostname, ms, ...line }) => line);
}

async function metrics(): Promise<string> {
  return (await fetch(new URL('/metrics', opsUrl()))).text();
}

/** Where health and metrics are served in this test: on a port of their own. */
function opsUrl(): string {
  for (const { msg } of lines) {
    const found = /^health and metrics on (\S+)$/.exec(String(msg))?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('health and metrics are served nowhere');
}

beforeAll(async () => {
  telegram = await startTelegram();
  service = await startTestService(
    {
      TEST_CLOCK_START: '2026-03-01T12:00:00Z',
      OPS_PORT: '0',
      ...telegramEnvironment(telegram),
    },
    { log },
  );
  const paidAt = '2026-03-01T10:00:00Z';
  const campaign = { campaignId: 'c', kind: 'revshare', modelId: 'ava', contractorId: 'mark', rateBps: 4_000 };
  await service.send(
    event('account.updated', { accountId: 'ava', role: 'model', name: NAME }),
    event('account.updated', { accountId: 'mark', role: 'marketer', name: NAME }),
    event('campaign.updated', { ...campaign, status: 'active' }),
    event('payment.succeeded', { paymentId: 'p', fanId: 'f', campaignId: 'c', kind: 'tip', amount: 10_000, paidAt }),
  );
  const { code } = (await service.api('POST', '/v1/accounts/ava/link-codes')).body;
  telegram.say(CHAT, `/start ${code}`);
  await eventually(() => telegram.fromBot(CHAT).length > 0, { what: 'the greeting' });
});
afterAll(async () => {
  await service.stop();
  await telegram.close();
});

describe('the log', () => {
  it('says which job did what for which week, and nothing of those that found nothing', async () => {
    await service.moveTo('2026-03-02T10:00:00Z');
    expect(logged('a job ran')).toContainEqual({
      ...{ job: 'issue-invoices', period: '2026-W09', count: 1, at: '2026-03-02T06:00:00.000Z' },
    });
    const informed = lines.filter(({ msg, level }) => msg === 'a job ran' && level === 30);
    for (const { count } of informed) expect(count).toBeGreaterThan(0);
  });

  it('names an event that goes into quarantine, with the reason', async () => {
    const refund = event('payment.refunded', {
      ...{ refundId: 'r', paymentId: 'p', amount: 99_999_999, refundedAt: '2026-03-02T05:00:00Z' },
    });
    await service.send(refund);
    expect(logged('an event is in quarantine')).toEqual([
      { eventId: refund.id, type: 'payment.refunded', error: expect.stringMatching(/\w+/) },
    ]);
  });

  it('names who decided what on which thing', async () => {
    await service.api('POST', '/v1/invoices/2026-W09:ava/void', { reason: `a mistake of ${NAME}` });
    expect(logged('a decision was made')).toContainEqual({
      ...{ actor: 'ops', action: 'invoice.void', subject: 'invoice:2026-W09:ava' },
    });
  });

  it('has the detail for those who ask for it: batches, notices, requests', () => {
    expect(logged('events were worked on').length).toBeGreaterThan(0);
    expect(logged('a notice was sent')).toContainEqual({ channel: 'telegram', outcome: 'sent', waitedMs: 0 });
    expect(logged('a request was answered')).toContainEqual({
      ...{ route: '/v1/invoices/:id/void', method: 'POST', status: 200 },
    });
  });

  it('has no name, no secret and no text of people in it', () => {
    const all = JSON.stringify(lines);
    for (const hidden of [NAME, TEST_KEY, TEST_SECRET, telegram.token, 'a mistake']) expect(all).not.toContain(hidden);
  });
});

describe('the metrics', () => {
  it('and readiness are on the port of their own alone, liveness on both', async () => {
    const status = async (root: string, path: string) => (await fetch(new URL(path, root))).status;
    const paths = ['/healthz', '/readyz', '/metrics', '/v1/orders', '/docs'];
    expect(await Promise.all(paths.map((path) => status(opsUrl(), path)))).toEqual([200, 200, 200, 404, 404]);
    expect(await Promise.all(paths.map((path) => status(service.url, path)))).toEqual([200, 404, 404, 401, 200]);
  });

  it('count jobs, what they worked on, and how long they took', async () => {
    const text = await metrics();
    expect(text).toContain('settlebot_job_seconds_count{job="issue-invoices"} 1');
    expect(text).toContain('settlebot_job_items_total{job="issue-invoices"} 1');
  });

  it('count notices by outcome and how long they waited, and whether a channel is served', async () => {
    const text = await metrics();
    expect(text).toMatch(/settlebot_notice_seconds_count\{channel="telegram",outcome="sent"\} \d+/);
    expect(text).toContain('settlebot_channel_up{channel="telegram"} 1');
    expect(text).toContain('settlebot_channel_up{channel="discord"} 0');
  });

  it('count events, quarantine, decisions and requests', async () => {
    let text = '';
    // A scrape may be a second old.
    await eventually(
      async () => {
        text = await metrics();
        return text.includes('settlebot_decisions_total{action="invoice.void"}');
      },
      { what: 'the metrics of now' },
    );
    expect(text).toMatch(/settlebot_events_worked_total [1-9]/);
    expect(text).toContain('settlebot_events_quarantined_total{type="payment.refunded"} 1');
    expect(text).toContain('settlebot_decisions_total{action="invoice.void"} 1');
    expect(text).toMatch(/settlebot_http_request_seconds_count\{route="\/webhooks\/platform",method="POST"\} \d+/);
  });

  deepTest('tell the money that is overdue, in escrow and payable', async () => {
    const paidAt = '2026-03-02T10:00:00Z';
    await service.send(
      event('payment.succeeded', { paymentId: 'p2', fanId: 'f', campaignId: 'c', kind: 'tip', amount: 5_000, paidAt }),
      event('account.updated', { accountId: 'rich', role: 'model', name: NAME }),
      event('balance.topped_up', { topUpId: 't', accountId: 'rich', amount: 50_000, toppedUpAt: at }),
      event('order.placed', {
        ...{ orderId: 'o', modelId: 'rich', marketerId: 'mark', offerId: 'x', quantity: 10, pricePerFan: 150 },
        ...{ prepaid: true, placedAt: '2026-03-02T06:00:00Z' },
      }),
    );
    expect((await service.api('POST', '/v1/orders/o/accept')).status).toBe(200);
    await service.moveTo('2026-03-16T00:00:00Z');
    let text = '';
    // A scrape may be a second old.
    await eventually(
      async () => {
        text = await metrics();
        return text.includes('settlebot_money_minor_units{of="escrow"} 1500');
      },
      { what: 'the metrics of now' },
    );
    const value = (of: string) =>
      Number(new RegExp(`settlebot_money_minor_units\\{of="${of}"\\} (\\d+)`).exec(text)?.[1]);
    expect(value('escrow')).toBe(1_500);
    const overdue = (await service.api('GET', '/v1/overdue')).body.items;
    expect(overdue.length).toBeGreaterThan(0);
    expect(value('overdue')).toBe(overdue.reduce((sum: number, { total }: { total: number }) => sum + total, 0));
    const due = (await service.api('GET', '/v1/payouts?status=due')).body.items;
    expect(value('payable')).toBe(due.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0));
  });

  it('have labels of our own words alone', async () => {
    const text = await metrics();
    for (const id of ['ava', 'evt', '2026-W09', 'rich']) expect(text).not.toMatch(new RegExp(`[":]${id}`));
  });
});
