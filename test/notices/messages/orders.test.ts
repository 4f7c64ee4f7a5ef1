import { describe, expect, it } from 'vitest';

import { type NoticeContent, noticeMessage } from '../../../src/notices/messages/notice.ts';
import type { OrderContent } from '../../../src/notices/messages/orders.ts';
import { orderTerms, progressBar, recordSentence, recordWords } from '../../../src/notices/messages/orderWords.ts';

const READER = { timeZone: 'Europe/Berlin', currency: 'USD' };
const BY = new Date('2026-03-05T08:00:00Z');
const FACTS = {
  ...{ orderId: 'o1', modelId: 'ava', marketerId: 'marco', client: 'Ava', marketer: 'Marco' },
  ...{ quantity: 100, pricePerFan: 150, total: 15_000, prepaid: false, chunkSize: 25 },
};
const CLIENT = { ...FACTS, to: 'client' as const };
const MARKETER = { ...FACTS, to: 'marketer' as const };
const LINK = 'https://example.com/c/cpl~o1';
const HALF = { delivered: 50, paid: 5_000, owed: 2_500 };

/** All that the message says, with its buttons. */
function aloud(content: NoticeContent): string[] {
  const { title = '', paragraphs, buttons } = noticeMessage(content, READER);
  return [title, ...paragraphs, buttons.map((row) => row.map(({ label }) => `[${label}]`).join(' ')).join(' ')];
}

describe('a new order', () => {
  it('tells the marketer what is ordered, until when to answer, and what we advise', () => {
    const data = { ...MARKETER, respondBy: BY, recommended: 50, renewalOf: null };
    expect(aloud({ kind: 'order.placed', data })).toEqual([
      'New order: $150.00 — 100 fans from Ava',
      'Ava orders 100 fans at $1.50 each, $150.00 in all, paid every 25 fans.',
      'Accept or reject it by Thu 5 Mar 2026, 09:00 (Europe/Berlin). Without an answer it expires then, and Ava can choose another marketer.',
      'Ava is new here: for now we advise orders of at most 50 fans, and this one has 100. That is advice and no limit.',
      '[Accept] [Reject] [Orders]',
    ]);
  });

  it('tells the marketer how the client stands, and for how many fans there is money', () => {
    const record = { tier: 'standard' as const, trustScore: 62, paidOnTime: 9, invoices: 10, coveredFans: 40 };
    const data = { ...MARKETER, record, respondBy: BY };
    const said = 'Ava: tier standard, trust 62 of 100, 9 of the last 10 invoices paid on time.';
    const some = `${said} There is money for 40 of the 100 fans to come now.`;
    const placed = aloud({ kind: 'order.placed', data: { ...data, recommended: null, renewalOf: null } });
    expect(placed[2]).toBe(some);
    expect(aloud({ kind: 'order.nudge', data: { ...data, hoursLeft: 6 } })[2]).toBe(some);
    expect(aloud({ kind: 'order.acceptable', data })[2]).toBe(some);
    const running = { ...MARKETER, ...HALF, link: LINK, percent: 50 };
    expect(aloud({ kind: 'order.progress', data: { ...running, record } })[4]).toBe(
      `${said} There is money for 40 of the 50 fans to come now.`,
    );
    expect(aloud({ kind: 'order.progress', data: { ...running, delivered: 100, record } }).join()).not.toContain(
      'tier',
    );
  });

  it.each([
    [100, 'There is money for all 100 fans to come now.'],
    [1, 'There is money for 1 of the 100 fans to come now.'],
    [0, 'There is no money for any of the 100 fans to come yet.'],
  ])('with money for %i fans', (coveredFans, said) => {
    const record = { tier: 'at-risk' as const, trustScore: 20, paidOnTime: 0, invoices: 2, coveredFans };
    expect(recordSentence('Ava', record, 100, READER)).toBe(
      `Ava: tier at risk, trust 20 of 100, 0 of the last 2 invoices paid on time. ${said}`,
    );
  });

  it.each([
    [0, 0, 'no invoice to pay yet'],
    [1, 1, 'the one invoice paid on time'],
    [0, 1, 'the one invoice not paid on time'],
    [9, 10, '9 of the last 10 invoices paid on time'],
  ])('%i of %i invoices: %s', (paidOnTime, invoices, said) => {
    const record = { tier: 'trusted' as const, trustScore: 82, paidOnTime, invoices, coveredFans: 1 };
    expect(recordWords(record, READER)).toBe(`tier trusted, trust 82 of 100, ${said}`);
  });

  it('tells the client the same from its side, and what to have ready', () => {
    const data = { ...CLIENT, prepaid: true, respondBy: BY, recommended: 100, renewalOf: 'o0' };
    expect(aloud({ kind: 'order.placed', data })).toEqual([
      'Order placed: $150.00 — 100 fans by Marco',
      'You order 100 fans at $1.50 each, $150.00 in all, prepaid, paid every 25 fans. It renews an order that was completed, on the same terms.',
      'Marco has until Thu 5 Mar 2026, 09:00 (Europe/Berlin) to answer. You are told what comes of it.',
      'Have $150.00 on your balance by then: it is held for the order when it is accepted.',
      'You are new here: for now we advise orders of at most 100 fans, and this one is within that.',
      '[Why?] [My orders]',
    ]);
  });

  it.each([
    [24, '24 hours left to answer: $150.00 — 100 fans from Ava'],
    [1, '1 hour left to answer: $150.00 — 100 fans from Ava'],
  ])('nudges %i hours before the deadline', (hoursLeft, title) => {
    const said = aloud({ kind: 'order.nudge', data: { ...MARKETER, respondBy: BY, hoursLeft } });
    expect(said[0]).toBe(title);
    expect(said[2]).toBe(
      'Accept or reject it by Thu 5 Mar 2026, 09:00 (Europe/Berlin). Without an answer it expires then.',
    );
    expect(said[3]).toBe('[Accept] [Reject] [Orders]');
  });

  it('says what is missing to both, and what each can do', () => {
    const of = (to: typeof CLIENT | typeof MARKETER) =>
      aloud({ kind: 'order.short', data: { ...to, prepaid: true, missing: 10_000, respondBy: BY } });
    expect(of(CLIENT).slice(1, 3)).toEqual([
      'Marco wants to accept it. It is prepaid: $150.00 has to be on your balance, and $100.00 is missing.',
      'Top up $100.00: Marco is told then, and can accept it until Thu 5 Mar 2026, 09:00 (Europe/Berlin). After that it expires.',
    ]);
    expect(of(MARKETER).slice(1)).toEqual([
      'It is prepaid: $150.00 has to be on Ava’s balance, and $100.00 is missing. Ava is told.',
      'The order is still yours to answer. You are told once the money is there; accept it again by Thu 5 Mar 2026, 09:00 (Europe/Berlin).',
      '[Accept] [Reject] [Orders]',
    ]);
  });

  it('tells the marketer when what was missing is there', () => {
    expect(aloud({ kind: 'order.acceptable', data: { ...MARKETER, prepaid: true, respondBy: BY } })).toEqual([
      'Order can be accepted now: $150.00 — 100 fans from Ava',
      'The $150.00 that was missing to accept it is on Ava’s balance: 100 fans at $1.50 each, $150.00 in all, prepaid, paid every 25 fans.',
      'Accept or reject it by Thu 5 Mar 2026, 09:00 (Europe/Berlin). Without an answer it expires then.',
      '[Accept] [Reject] [Orders]',
    ]);
  });

  it.each([
    [null, 'It starts at once.', 'It starts at once.'],
    [
      3,
      'It is number 3 in your queue and starts with its first fan, or by itself when a place is free.',
      'It is number 3 in Marco’s queue and starts with its first fan, or by itself when a place is free.',
    ],
  ])('accepted, at position %s', (position, toMarketer, toClient) => {
    const more = { prepaid: true, position, link: LINK };
    expect(aloud({ kind: 'order.accepted', data: { ...MARKETER, ...more } }).slice(1, 4)).toEqual([
      `For Ava: 100 fans at $1.50 each, $150.00 in all, prepaid, paid every 25 fans. ${toMarketer}`,
      '$150.00 of Ava’s balance is held for it, so it is sure to be paid.',
      `Fans count from now on. Your tracking link: ${LINK}`,
    ]);
    const said = aloud({ kind: 'order.accepted', data: { ...CLIENT, ...more } });
    expect(said[1]).toContain(toClient);
    expect(said[2]).toBe('$150.00 of your balance is held for it; what is not used comes back to you.');
  });
});

describe('an order that comes to nothing', () => {
  it.each([
    [{ kind: 'order.rejected', data: { ...CLIENT, reason: 'no time' } }, 'Marco has rejected it. Reason: “no time”.'],
    [{ kind: 'order.rejected', data: { ...CLIENT, reason: null } }, 'Marco has rejected it.'],
    [
      { kind: 'order.expired', data: { ...CLIENT, respondBy: BY } },
      'Marco did not answer it by Thu 5 Mar 2026, 09:00 (Europe/Berlin).',
    ],
  ] satisfies [OrderContent, string][])('tells the client that there are others', (content, said) => {
    expect(aloud(content).slice(1, 3)).toEqual([
      said,
      'It costs you nothing. You can choose another marketer and place the order anew.',
    ]);
  });

  it('is refused with every reason, in words for each side, and what to do', () => {
    const because = [
      { kind: 'client-blocked' as const, overdueCount: 2, overdueTotal: 60_000 },
      { kind: 'client-owes' as const, amount: 2_500 },
    ];
    expect(aloud({ kind: 'order.refused', data: { ...CLIENT, because } })).toEqual([
      'Order refused: $150.00 — 100 fans by Marco',
      'It was not taken. Your CPL orders are blocked: 2 invoices overdue, $600.00 in all. You owe $25.00 for delivered fans.',
      'Top up, and what you owe is debited by itself; then place the order anew.',
      '[Standing] [Balance] [My orders]',
    ]);
    const said = aloud({ kind: 'order.refused', data: { ...MARKETER, because } })
      .slice(1)
      .join(' ');
    expect(said).not.toContain('$');
    expect(said).toContain("The client's CPL orders are blocked for now.");
  });

  it('is not renewed, and says why', () => {
    const because = [{ kind: 'client-terminated' as const }];
    expect(aloud({ kind: 'order.not_renewed', data: { ...CLIENT, because } }).slice(1, 3)).toEqual([
      'It was to be placed again on the same terms, which is not possible now. Your partnership with the platform was ended.',
      'If you think this is a mistake, talk to the platform.',
    ]);
  });
});

describe('an order that runs', () => {
  it('has one card from start to end, with a bar', () => {
    const started = aloud({ kind: 'order.started', data: { ...MARKETER, link: LINK, startedAt: BY } });
    expect(started).toEqual([
      'Order running: $150.00 — 100 fans from Ava',
      '░░░░░░░░░░ 0 % · 0 of 100 fans',
      'For Ava: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans. Running since Thu 5 Mar 2026, 09:00 (Europe/Berlin).',
      `Bring fans through your link: ${LINK}`,
      '[Why?] [Orders]',
    ]);
    const half = { ...HALF, link: LINK, percent: 50 };
    expect(aloud({ kind: 'order.progress', data: { ...MARKETER, ...half } }).slice(0, 4)).toEqual([
      'Order running: $150.00 — 100 fans from Ava',
      '▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans',
      'For Ava: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans.',
      'With 50 fans, $50.00 of $150.00 was paid, and $25.00 was owed.',
    ]);
    const all = { delivered: 100, paid: 15_000, owed: 0, link: LINK, percent: 100 };
    expect(aloud({ kind: 'order.progress', data: { ...CLIENT, ...all } }).slice(0, 2)).toEqual([
      'Every fan is here: $150.00 — 100 fans by Marco',
      '▓▓▓▓▓▓▓▓▓▓ 100 % · 100 of 100 fans',
    ]);
  });

  it('says on the card when it is over, and what was paid since', () => {
    const stopped = { delivered: 50, paid: 7_500, owed: 0, link: LINK, status: 'stopped' as const };
    expect(aloud({ kind: 'order.card', data: { ...MARKETER, ...stopped } })).toEqual([
      'Order stopped: $75.00 for 50 fans — 100 fans from Ava',
      '▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans',
      'For Ava: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans.',
      'With 50 fans, $75.00 of $75.00 was paid.',
      'Fans that come through its link now do not count.',
      '[Why?] [Orders]',
    ]);
    const none = { ...stopped, delivered: 0, paid: 0 };
    expect(aloud({ kind: 'order.card', data: { ...CLIENT, ...none } })).toEqual([
      'Order stopped: $0.00 for 0 fans — 100 fans by Marco',
      '░░░░░░░░░░ 0 % · 0 of 100 fans',
      'By Marco: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans.',
      '[Why?] [My orders]',
    ]);
    const all = { ...stopped, delivered: 100, paid: 11_250, owed: 3_750, status: 'completed' as const };
    expect(aloud({ kind: 'order.card', data: { ...CLIENT, ...all } })).toContain(
      'With 100 fans, $112.50 of $150.00 was paid, and $37.50 was owed.',
    );
    const running = { ...stopped, delivered: 60, status: 'running' as const };
    expect(aloud({ kind: 'order.card', data: { ...MARKETER, ...running } })).toEqual([
      'Order running: $150.00 — 100 fans from Ava',
      '▓▓▓▓▓▓░░░░ 60 % · 60 of 100 fans',
      'For Ava: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans.',
      'With 60 fans, $75.00 of $150.00 was paid.',
      `Bring fans through your link: ${LINK}`,
      '[Why?] [Orders]',
    ]);
  });

  it.each([
    [0, 3, '░░░░░░░░░░ 0 % · 0 of 3 fans'],
    [1, 3, '▓▓▓░░░░░░░ 33 % · 1 of 3 fans'],
    [999, 1_000, '▓▓▓▓▓▓▓▓▓░ 99 % · 999 of 1000 fans'],
    [1, 1, '▓▓▓▓▓▓▓▓▓▓ 100 % · 1 of 1 fan'],
  ])('the bar of %i of %i is full only when all are there', (delivered, quantity, bar) => {
    expect(progressBar({ delivered, quantity }, READER)).toBe(bar);
  });

  it('idle: since when no fan has counted, when it is stopped, and what that means', () => {
    const idle = { ...HALF, link: LINK, since: new Date('2026-02-03T08:00:00Z'), stopsAt: BY, daysLeft: 10 };
    expect(aloud({ kind: 'order.idle', data: { ...MARKETER, ...idle } })).toEqual([
      'No fan counts, stopped in 10 days: $150.00 — 100 fans from Ava',
      '▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans',
      'For Ava: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans. No fan has counted since Tue 3 Feb 2026, 09:00 (Europe/Berlin).',
      'Unless one counts before, it is stopped on Thu 5 Mar 2026, 09:00 (Europe/Berlin): the fans delivered so far are paid or owed.',
      `Bring the next one through your link: ${LINK}`,
      '[Why?] [Orders]',
    ]);
    const client = aloud({ kind: 'order.idle', data: { ...CLIENT, ...idle, prepaid: true, daysLeft: 1 } });
    expect(client[0]).toBe('No fan counts, stopped in 1 day: $150.00 — 100 fans by Marco');
    expect(client[3]).toContain('and what is left of the money held for it comes back to you.');
    expect(client[4]).toBe('Nothing to do: Marco is told, too.');
  });

  it.each([
    ['whose days are stored', { reason: 'erased', days: 30 }],
    ['from before they were', { reason: 'no fan counted for 30 days' }],
  ])('stopped for idleness, %s: says so', (_, why) => {
    const more = { delivered: 0, paid: 0, owed: 0, cause: 'idle' as const, ...why };
    const said = aloud({ kind: 'order.stopped', data: { ...CLIENT, ...more, prepaid: true, returned: 15_000 } });
    expect(said.slice(1, 4)).toEqual([
      'No fan counted for 30 days.',
      '░░░░░░░░░░ 0 % · 0 of 100 fans',
      'No fan was delivered, so nothing is to pay. $150.00 that was held for it is back on your balance.',
    ]);
  });

  it('completed: says what came of it', () => {
    const data = { ...MARKETER, delivered: 100, paid: 15_000, owed: 0 };
    expect(aloud({ kind: 'order.completed', data }).slice(1, 3)).toEqual([
      '▓▓▓▓▓▓▓▓▓▓ 100 % · 100 of 100 fans',
      'You have brought Ava every fan. If an order is in your queue, it starts by itself. All $150.00 is paid to you.',
    ]);
  });

  it('completed and not renewed is one message', () => {
    const because = [{ kind: 'client-owes' as const, amount: 2_500 }];
    const progress = { delivered: 100, paid: 12_500, owed: 2_500 };
    expect(aloud({ kind: 'order.not_renewed', data: { ...CLIENT, because, progress } }).slice(0, 4)).toEqual([
      'Order completed, not renewed: $150.00 — 100 fans by Marco',
      '▓▓▓▓▓▓▓▓▓▓ 100 % · 100 of 100 fans',
      'Marco has brought you every fan. $125.00 of $150.00 is paid. $25.00 more is owed: top up, and it is debited by itself.',
      'It was to be placed again on the same terms, which is not possible now. You owe $25.00 for delivered fans.',
    ]);
  });

  it('accepted and started at one instant is one message', () => {
    const data = { ...MARKETER, position: null, link: LINK, startedAt: BY };
    expect(aloud({ kind: 'order.accepted', data }).slice(0, 3)).toEqual([
      'Order accepted and running: $150.00 — 100 fans from Ava',
      'For Ava: 100 fans at $1.50 each, $150.00 in all, paid every 25 fans.',
      `Fans count from now on. Your tracking link: ${LINK}`,
    ]);
  });

  it('stopped: why, what is paid for what was delivered, what comes back', () => {
    const more = { delivered: 50, paid: 7_500, owed: 0, cause: 'guarantee-violated' as const, reason: 'bought fans' };
    const prepaid = { ...more, prepaid: true, returned: 7_500 };
    expect(aloud({ kind: 'order.stopped', data: { ...CLIENT, ...prepaid } }).slice(1, 5)).toEqual([
      'A guarantee was violated. Reason: “bought fans”.',
      '▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans',
      'For the 50 fans delivered, all $75.00 is paid. $75.00 that was held for it is back on your balance.',
      'For the other fans you can place a new order.',
    ]);
    expect(aloud({ kind: 'order.stopped', data: { ...MARKETER, ...prepaid } }).slice(3, 5)).toEqual([
      'For the 50 fans delivered, all $75.00 is paid to you.',
      'Fans that come through its link now do not count, so take the link down.',
    ]);
    const none = { ...more, delivered: 0, paid: 0, returned: 0, cause: 'partnership-terminated' as const };
    expect(aloud({ kind: 'order.stopped', data: { ...CLIENT, ...none } }).slice(1, 4)).toEqual([
      'Your partnership with the platform was ended.',
      '░░░░░░░░░░ 0 % · 0 of 100 fans',
      'No fan was delivered, so nothing is to pay.',
    ]);
  });
});

describe('money of an order', () => {
  it('owed: what is missing, what follows, and that it is paid by itself', () => {
    const data = { amount: 3_750, fans: 25, missing: 1_250 };
    expect(aloud({ kind: 'charge.owed', data: { ...CLIENT, ...data } })).toEqual([
      'You owe $37.50 — 100 fans by Marco',
      'It fell due for 25 fans that Marco has brought, and $12.50 is missing on your balance.',
      'Top up $12.50, and it is debited by itself, oldest first. Until it is paid, new orders of yours are refused.',
      '[Balance] [Why?] [My orders]',
    ]);
    expect(aloud({ kind: 'charge.owed', data: { ...MARKETER, ...data } }).slice(0, 2)).toEqual([
      'You are owed $37.50 — 100 fans from Ava',
      'It fell due for 25 fans, and Ava’s balance does not cover it yet. It is paid by itself once it does, and Ava cannot place orders until then.',
    ]);
  });

  it('still owed after a top-up, and paid', () => {
    const data = { orderId: 'o1', amount: 3_750, balance: 3_000, missing: 750 };
    expect(aloud({ kind: 'charge.insufficient', data })[0]).toBe('You still owe $37.50 — o1');
    expect(
      aloud({ kind: 'charge.insufficient', data: { ...data, modelId: 'ava', order: CLIENT } }).slice(0, 3),
    ).toEqual([
      'You still owe $37.50 — 100 fans by Marco',
      'Money came in, and your balance of $30.00 does not cover it: $7.50 is missing.',
      'Top up $7.50, and it is debited by itself. Until it is paid, new orders of yours are refused.',
    ]);
    const paid = { amount: 3_750, fans: 25 };
    expect(aloud({ kind: 'charge.paid', data: { ...MARKETER, ...paid } })[1]).toBe(
      'Ava owed it for 25 fans; it is on your balance now.',
    );
  });

  it.each([
    [{ prepaid: true, chunkSize: null }, 'prepaid, paid fan by fan'],
    [{ prepaid: false, chunkSize: null }, 'paid on completion'],
    [{ prepaid: false, chunkSize: 1 }, 'paid fan by fan'],
    [{ prepaid: true, chunkSize: 100 }, 'prepaid, paid on completion'],
  ])('says when it moves: %o', (terms, said) => {
    expect(orderTerms({ ...FACTS, ...terms }, READER)).toBe(`100 fans at $1.50 each, $150.00 in all, ${said}`);
  });
});
