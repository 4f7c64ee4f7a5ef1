import {
  accountEvents,
  ava,
  BEGIN,
  bella,
  campaignEvent,
  campaignEvents,
  chloe,
  marketersPaid,
  olga,
  refundEvent,
  topUpEvent,
} from './cast.ts';
import { paymentEvent, paymentsOf, type Sales } from './sales.ts';
import { show } from './show.ts';
import type { Stage } from './stage.ts';

const AVA: Sales = { campaignId: 'ava-tiktok', count: 24, from: 999, to: 2_999 };
const BELLA: Sales = { campaignId: 'bella-reddit', count: 16, from: 999, to: 3_999 };
const CHLOE: Sales[] = [
  { campaignId: 'chloe-x', count: 60, from: 10_000, to: 50_000 },
  { campaignId: 'chloe-podcast', count: 30, from: 10_000, to: 40_000 },
];

const DAY_MS = 86_400_000;

/** Eight weeks, each ending with the Monday on which it is invoiced. */
export async function play(stage: Stage): Promise<void> {
  await playFirstInvoice(stage);
  await week(stage, 2, [AVA, BELLA, ...CHLOE]);
  await pressing(stage);
  await week(stage, 3, [AVA, BELLA, ...CHLOE]);
  await lateAndRefunded(stage);
  await week(stage, 4, [AVA, ...CHLOE]);
  await credit(stage);
  await week(stage, 5, [AVA, BELLA, ...CHLOE]);
  await wrongRate(stage);
  await week(stage, 6, [AVA, BELLA, ...CHLOE]);
  await takenBack(stage);
  await week(stage, 7, [AVA, BELLA, ...CHLOE]);
  await asking(stage);
  await week(stage, 8, [AVA, BELLA, ...CHLOE]);
}

/** The first week and its invoices, up to the day on which the last of them is paid. */
export async function playFirstInvoice(stage: Stage): Promise<void> {
  await opening(stage);
  await week(stage, 1, [AVA, BELLA, ...CHLOE]);
  await topUps(stage);
}

async function opening(stage: Stage): Promise<void> {
  show.heading('Monday 2 March 2026: people and campaigns');
  show.story(
    'The platform sends its accounts and campaigns as signed webhooks. Ava, Bella and Chloe are models; Marco and Nina ' +
      'bring them fans for a share of what those pay; Olga is a manager. Bella has a discount of 3 % of her own.',
  );
  await stage.send(...accountEvents());
  await stage.send(...campaignEvents());
  await stage.send(topUpEvent('topup-1', 'ava', 30_000, BEGIN), topUpEvent('topup-2', 'chloe', 5_000_000, BEGIN));
  show.story(
    'Ava writes to the bot before she is linked. Then each of the four gets a code on the platform and sends it; Bella ' +
      'and Chloe are greeted as Ava is.',
  );
  await stage.say(ava, '/balance');
  await stage.link(ava);
  for (const person of [bella, chloe]) await stage.linkUnseen(person);
  await stage.link(olga);
}

/** A week of sales, and the Monday after it. */
async function week(stage: Stage, number: number, sales: Sales[]): Promise<void> {
  const monday = mondayOf(number);
  const payments = sales.flatMap((one) => paymentsOf(one, monday));
  await stage.send(...payments);
  const next = mondayOf(number + 1);
  show.heading(`Week ${number} is over: ${dayOf(next)}`);
  const quiet = number === 1 ? ' at 06:00; nobody is woken for that: people hear of it at 08:00' : '';
  show.story(`${payments.length} payments came in during the week. The invoices are issued${quiet}.`);
  await stage.moveTo(new Date(next.getTime() + 8 * 3_600_000).toISOString());
}

async function topUps(stage: Stage): Promise<void> {
  show.story('Tuesday: Bella asks to pay, though there is no money on her balance yet.');
  await stage.moveTo('2026-03-10T09:00:00Z');
  await stage.say(bella, '/pay 2026-W10');
  show.story(
    'She tops up $50.00, which is not enough, and on Wednesday another $100.00: the invoice is debited by itself.',
  );
  await stage.send(topUpEvent('topup-3', 'bella', 5_000, '2026-03-10T09:05:00Z'));
  await stage.moveTo('2026-03-11T12:00:00Z');
  await stage.send(topUpEvent('topup-4', 'bella', 10_000, '2026-03-11T12:00:00Z'));
}

async function pressing(stage: Stage): Promise<void> {
  await stage.moveTo('2026-03-17T18:30:00Z');
  show.story('Tuesday: both top up. Bella is impatient and asks to pay all the same, twice.');
  await stage.send(
    topUpEvent('topup-5', 'ava', 100_000, '2026-03-17T18:30:00Z'),
    topUpEvent('topup-6', 'bella', 20_000, '2026-03-17T18:30:00Z'),
  );
  for (let time = 0; time < 2; time += 1) await stage.say(bella, '/pay 2026-W11');
  show.story(
    'Olga was told in the morning that nobody has paid the marketers on Monday, the payday. The platform does so now; ' +
      'on the paydays that follow it is in time.',
  );
  await stage.send(...marketersPaid('2026-03-16', '2026-03-17T18:30:00Z'));
}

async function lateAndRefunded(stage: Stage): Promise<void> {
  await stage.moveTo('2026-03-25T10:00:00Z');
  show.story(
    "Wednesday: a payment of Ava's from Sunday evening arrives only now; it goes on her next invoice. Three of Bella's " +
      'fans get their money back, and she pauses her campaign for a week.',
  );
  await stage.send(
    paymentEvent({
      paymentId: 'ava-tiktok-late',
      campaignId: 'ava-tiktok',
      kind: 'tip',
      amount: 5_000,
      at: new Date('2026-03-22T23:40:00Z'),
    }),
    ...[1, 2, 3].map((number) =>
      refundEvent(`refund-${number}`, `bella-reddit-03-16-${number}`, 999, '2026-03-25T10:00:00Z'),
    ),
  );
}

async function credit(stage: Stage): Promise<void> {
  await stage.moveTo('2026-03-31T10:00:00Z');
  show.story('Tuesday: Bella wants to see the invoice with nothing to pay. Her credit comes off the next one.');
  await stage.press(bella, '/invoice 2026-W13');
  await payday(stage, '2026-04-01');
}

async function wrongRate(stage: Stage): Promise<void> {
  await stage.moveTo('2026-04-06T09:00:00Z');
  show.story(
    "By mistake the platform sets Ava's campaign to 90 % from the sixth week on, instead of 40 %. Nobody notices before " +
      'the invoice comes.',
  );
  const terms = { campaignId: 'ava-tiktok', modelId: 'ava', contractorId: 'marco', rateBps: 9_000 };
  await stage.send(campaignEvent(terms, '2026-04-06T00:00:00Z'));
  show.story(
    "Bella does not see to her invoice. She is told the day before it is due, and on Thursday that it's overdue.",
  );
  await stage.moveTo('2026-04-08T09:00:00Z');
  await stage.moveTo('2026-04-09T06:00:00Z');
}

async function takenBack(stage: Stage): Promise<void> {
  await stage.moveTo('2026-04-13T09:00:00Z');
  show.story('Ava asks what that is. Olga looks at it and takes it back; the platform puts the rate right.');
  await stage.press(ava, '/invoice 2026-W15');
  await stage.say(olga, '/invoice 2026-W15:ava');
  await stage.say(olga, '/void 2026-W15:ava The rate should have been 40 %');
  await stage.press(olga, '/void !');
  const terms = { campaignId: 'ava-tiktok', modelId: 'ava', contractorId: 'marco', rateBps: 4_000 };
  await stage.send(campaignEvent(terms, '2026-04-06T00:00:01Z'));
  await stage.moveTo('2026-04-14T15:00:00Z');
  show.story(
    "Tuesday: Bella's invoice of the week before is overdue and the new one is open. One top-up pays both, the oldest " +
      'first. Chloe tops up, too; her volume of the last three months has brought her a discount since April.',
  );
  await stage.say(bella, '/balance');
  await stage.send(
    topUpEvent('topup-7', 'bella', 40_000, '2026-04-14T15:00:00Z'),
    topUpEvent('topup-8', 'chloe', 3_000_000, '2026-04-14T15:00:00Z'),
  );
  await payday(stage, '2026-04-16');
}

async function asking(stage: Stage): Promise<void> {
  await stage.moveTo('2026-04-21T10:00:00Z');
  show.story(
    "Tuesday: Ava checks her balance and tops up. Bella is curious about Ava's invoices, which are not hers to see.",
  );
  await stage.say(ava, '/balance');
  await stage.send(topUpEvent('topup-9', 'ava', 90_000, '2026-04-21T10:00:00Z'));
  await stage.say(bella, '/invoice 2026-W16:ava');
  await stage.say(chloe, '/invoices');
}

/** A payday on which the marketers are paid, by noon. */
export async function payday(stage: Stage, day: string): Promise<void> {
  const noon = `${day}T12:00:00Z`;
  await stage.moveTo(noon);
  await stage.send(...marketersPaid(day, noon));
}

export function mondayOf(number: number): Date {
  return new Date(Date.parse(BEGIN) + (number - 1) * 7 * DAY_MS);
}

function dayOf(at: Date): string {
  return at.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
}
