import type { PlatformReceiver } from '../support/platformReceiver.ts';
import { affiliateEvents, felix, gina, olga } from './cast.ts';
import { show } from './show.ts';
import type { Stage } from './stage.ts';

const FROM = '2026-06-01T18:00:00Z';

/** Two affiliates over three paydays: a refund in the hold, one after it, one that comes late, and a payout that fails. */
export async function playAffiliates(stage: Stage): Promise<void> {
  await brought(stage);
  await firstPayday(stage);
  await lateRefund(stage);
  await secondPayday(stage);
  await thirdPayday(stage);
}

async function brought(stage: Stage): Promise<void> {
  show.heading('Three paydays: Felix and Gina bring subscribers');
  show.story(
    'Felix and Gina are affiliates: for each subscriber who pays they get 30 % of the first charge. Felix brings three, of ' +
      'whom one cancels in the trial and is never heard of again; Gina brings one.',
  );
  await stage.moveTo(FROM);
  await stage.send(...affiliateEvents.accounts(FROM));
  for (const person of [felix, gina]) await stage.linkUnseen(person);
  await stage.send(
    ...['s1', 's2', 's3'].map((id) => affiliateEvents.started(id, 'felix', FROM)),
    affiliateEvents.started('g1', 'gina', FROM),
  );
  await stage.moveTo('2026-06-03T12:00:00Z');
  await stage.send(affiliateEvents.cancelled('s3', '2026-06-03T12:00:00Z'));
  show.story(
    'Thursday 4 June: the trials are over, and the others are charged. Each commission is in hold for four days.',
  );
  await stage.moveTo('2026-06-04T18:00:00Z');
  await stage.send(
    affiliateEvents.charged('s1', 3_000, '2026-06-04T18:00:00Z'),
    affiliateEvents.charged('s2', 2_000, '2026-06-04T18:00:00Z'),
    affiliateEvents.charged('g1', 4_000, '2026-06-04T18:00:00Z'),
  );
  show.story('Saturday: one of them gets the money back, in the hold.');
  await stage.moveTo('2026-06-06T12:00:00Z');
  await stage.send(affiliateEvents.refunded('s2', 2_000, '2026-06-06T12:00:00Z'));
  show.story('Monday evening the hold of the others ends; a day’s approvals are told together.');
  await stage.moveTo('2026-06-09T09:00:00Z');
}

async function firstPayday(stage: Stage): Promise<void> {
  show.story('Tuesday 16 June is a payday: the payouts are drawn up at midnight. Olga settles them in Discord.');
  await stage.moveTo('2026-06-16T09:00:00Z');
  await stage.slash(olga, 'cycle', { date: '2026-06-16' });
  await stage.slash(olga, 'settle', { id: '2026-06-16:felix', reference: 'WIRE-1601' });
  await stage.slash(olga, 'settle', { id: '2026-06-16:gina', reference: 'WIRE-1602' });
}

async function lateRefund(stage: Stage): Promise<void> {
  show.story(
    'Thursday: Gina’s subscriber gets the money back. The hold is over, so her sale is firm and nothing changes. On ' +
      'Saturday the platform tells of a refund of Felix’s that was made in the hold already, on 7 June: what he was paid ' +
      'for it is taken off his next payout. He has brought another one meanwhile.',
  );
  await stage.moveTo('2026-06-18T12:00:00Z');
  await stage.send(
    affiliateEvents.refunded('g1', 4_000, '2026-06-18T12:00:00Z'),
    affiliateEvents.started('s4', 'felix', '2026-06-12T12:00:00Z'),
    affiliateEvents.charged('s4', 5_000, '2026-06-15T12:00:00Z'),
  );
  await stage.moveTo('2026-06-20T12:00:00Z');
  await stage.send(affiliateEvents.refunded('s1', 3_000, '2026-06-07T12:00:00Z'));
  await stage.say(felix, '/nextpayday');
  await stage.say(felix, '/why s1~first');
}

async function secondPayday(stage: Stage): Promise<void> {
  show.story('Wednesday 1 July: the second payday. The bank sends Felix’s payout back.');
  await stage.moveTo('2026-07-01T09:00:00Z');
  await stage.send(affiliateEvents.payoutFailed('2026-07-01:felix', 'the account is closed', '2026-07-01T09:00:00Z'));
}

async function thirdPayday(stage: Stage): Promise<void> {
  show.story('He names another account, and brings one more. Thursday 16 July pays for both.');
  await stage.moveTo('2026-07-03T09:00:00Z');
  await stage.send(
    affiliateEvents.started('s5', 'felix', '2026-06-25T12:00:00Z'),
    affiliateEvents.charged('s5', 6_000, '2026-06-28T12:00:00Z'),
  );
  await stage.moveTo('2026-07-16T09:00:00Z');
  await stage.send(affiliateEvents.payoutSettled('2026-07-16:felix', 'WIRE-1607', '2026-07-16T09:00:00Z'));
  await stage.say(felix, '/commissions');
  await stage.say(felix, '/statement 2026-07-16:felix');
  await stage.say(felix, '/earnings');
}

/** What the platform was told of the commissions and of the affiliates' payouts. */
export function showAffiliateWebhooks({ taken }: PlatformReceiver): void {
  show.story('And those about commissions, and the payouts of the two:');
  const told = taken.filter(
    ({ type, data }) =>
      type.startsWith('commission.') || (type.startsWith('payout.') && /:(felix|gina)$/.test(String(data.payoutId))),
  );
  show.table(
    ['At (UTC)', 'Type', 'About', 'Amount', 'Status'],
    told.map(({ type, timestamp, data }) => [
      timestamp.slice(0, 16).replace('T', ' '),
      type,
      String(data.payoutId !== null && type.startsWith('payout.') ? data.payoutId : data.commissionId),
      (Number(data.amount) / 100).toFixed(2),
      String(data.status),
    ]),
    [3],
  );
}
