import type { PlatformReceiver } from '../support/platformReceiver.ts';
import { dana, danaEvents, iris, irisEvents, olga, topUpEvent } from './cast.ts';
import { paymentsOf } from './sales.ts';
import { show } from './show.ts';
import type { Stage } from './stage.ts';
import { mondayOf, payday } from './story.ts';

const FROM = '2026-04-27T09:00:00Z';

/** Four more weeks, of a model who pays late, and of what keeps that from growing. */
export async function playLatePayer(stage: Stage): Promise<void> {
  await beforeDue(stage);
  await overdue(stage);
  await manager(stage);
  await graceEnds(stage);
  await paid(stage);
  await outOfReach(stage);
}

async function beforeDue(stage: Stage): Promise<void> {
  show.heading('Four weeks more, of a late payer: Dana');
  show.story(
    'Dana is new. Marco sells for her at 40 %. Her first invoice comes on Monday 4 May; her balance is empty.',
  );
  await stage.moveTo(FROM);
  await stage.send(...danaEvents(FROM));
  await stage.linkUnseen(dana);
  await stage.linkDiscord(olga);
  await stage.send(...sales(9, 30, 3_000));
  await payday(stage, '2026-05-01');
  await stage.moveTo('2026-05-04T08:00:00Z');
  show.story('Wednesday 6 May: one day is left.');
  await stage.moveTo('2026-05-06T08:00:00Z');
}

async function overdue(stage: Stage): Promise<void> {
  show.story(
    'Thursday 7 May, 06:00: nothing has come. The invoice is overdue and the campaigns are paused. This is urgent, so ' +
      'the quiet hours do not hold it back; and the message with the invoice changes.',
  );
  await stage.moveTo('2026-05-07T06:00:00Z');
  show.story('Friday 8 May: one more reminder. Sunday 10 May, three days late: new CPL orders are blocked.');
  await stage.moveTo('2026-05-08T09:00:00Z');
  await stage.moveTo('2026-05-10T09:00:00Z');
}

async function manager(stage: Stage): Promise<void> {
  await stage.moveTo('2026-05-10T15:00:00Z');
  show.story('Sunday afternoon: Olga, the manager, looks at Dana and at everybody who is overdue, in Discord.');
  await stage.slash(olga, 'model', { id: 'dana' });
  await stage.slash(olga, 'overdue');
  show.story('She writes to Dana. It comes to Dana’s chat, and her answer to Olga’s; both are in the audit trail.');
  await stage.slash(olga, 'contact', { account: 'dana', text: 'Is the money for last week on its way?' });
  await stage.press(dana, '/reply');
  await stage.say(dana, 'Yes, my bank says Tuesday or Wednesday');
  show.story('So Olga gives her three days.');
  await stage.pressInDiscord(olga, '/grace dana');
  await stage.pressInDiscord(olga, '/grace !');
}

async function graceEnds(stage: Stage): Promise<void> {
  show.story('Wednesday 13 May, 15:00: the money has not come, and the grace ends by itself.');
  await stage.moveTo('2026-05-13T15:00:00Z');
}

async function paid(stage: Stage): Promise<void> {
  await stage.moveTo('2026-05-18T10:00:00Z');
  show.story('Monday 18 May: Dana asks how she stands, and tops up what it takes.');
  await stage.say(dana, '/standing');
  await stage.send(topUpEvent('topup-10', 'dana', 100_000, '2026-05-18T10:00:00Z'));
  show.story('She sells again in the week after, and on Monday 25 May the invoice is paid the moment it is issued.');
  await stage.send(...sales(12, 10, 2_000));
  await stage.send(...irisEvents('2026-05-18T10:00:00Z'));
  const ofIris = { campaignId: 'iris-insta', count: 8, from: 2_000, to: 4_000 };
  await stage.send(...paymentsOf(ofIris, mondayOf(12)));
  await stage.moveTo('2026-05-25T08:00:00Z');
  await stage.say(dana, '/standing');
}

async function outOfReach(stage: Stage): Promise<void> {
  show.story(
    'Iris, another model, has an invoice since this morning, too, and has linked no chat. So that she is not billed in ' +
      'silence, Olga was told of it above, and so was the platform. It asks Iris to link a chat; she reads how she stands.',
  );
  await stage.slash(olga, 'health');
  await stage.moveTo('2026-05-25T09:00:00Z');
  await stage.link(iris);
  await stage.send(topUpEvent('topup-14', 'iris', 10_000, '2026-05-25T09:00:00Z'));
}

function sales(week: number, count: number, from: number) {
  return paymentsOf({ campaignId: 'dana-insta', count, from, to: from + 2_000 }, mondayOf(week));
}

/** What came to the platform's own receiver, which verifies every signature as an integrator would. */
export function showWebhooks({ taken, refusedSignatures }: PlatformReceiver): void {
  show.heading('What the platform was told');
  const ofDana = taken.filter(({ data }) => JSON.stringify(data).includes('dana'));
  show.story(
    `${taken.length} signed webhooks in twenty weeks; ${refusedSignatures.length} signatures were wrong. Those about ` +
      'Dana, in the order in which they came:',
  );
  show.table(
    ['At (UTC)', 'Type', 'About'],
    ofDana.map(({ type, timestamp, data }) => [
      timestamp.slice(0, 16).replace('T', ' '),
      type,
      String(data.invoiceId ?? data.modelId ?? data.accountId ?? ''),
    ]),
    [],
  );
}
