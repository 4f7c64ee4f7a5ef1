import type { Console } from '../../context.ts';
import { useConsole } from '../../context.ts';
import { type Order, totalOf } from '../../orders.ts';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Section } from '../../ui/Page.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import { Progress } from './Progress.tsx';
import { QueueLink } from './QueueLink.tsx';

/** What was agreed, what of it is settled, and how the client stands. */
export function Terms({ order }: { order: Order }) {
  const tools = useConsole();
  const { say } = tools;
  return (
    <>
      <Section title={say('order.terms')}>
        <Facts facts={termsOf(order, tools)} />
      </Section>
      <Section
        title={say('order.money')}
        actions={
          order.acceptedAt !== null &&
          order.prepaid && (
            <To thing="ledger" id={`escrow:${order.orderId}`}>
              {say('order.ledger')}
            </To>
          )
        }
      >
        <Facts facts={moneyOf(order, tools)} />
      </Section>
      <Section title={say('order.client')}>
        <Facts facts={clientOf(order, tools)} />
      </Section>
    </>
  );
}

type Tools = Pick<Console, 'say' | 'format'>;

function termsOf(order: Order, { say, format }: Tools): Fact[] {
  const { modelId, marketerId, offerId, position, pricePerFan, chunkSize, prepaid, campaignId, link } = order;
  return [
    { label: say('orders.model'), value: <ToAccount id={modelId} name={order.modelName} /> },
    { label: say('orders.marketer'), value: <ToAccount id={marketerId} name={order.marketerName} /> },
    {
      label: say('order.queue'),
      value: <QueueLink marketerId={marketerId}>{say('order.queue')}</QueueLink>,
    },
    { label: say('orders.fans'), value: <Progress order={order} /> },
    ...(position === null ? [] : [{ label: say('order.position'), value: format.count(position) }]),
    { label: say('orders.price'), value: format.money(pricePerFan) },
    { label: say('order.prepaid'), value: say(prepaid ? 'order.prepaidYes' : 'order.prepaidNo') },
    {
      label: say('order.paidHow'),
      value:
        chunkSize !== null ? say('order.chunks', { chunk: chunkSize }) : say(prepaid ? 'order.each' : 'order.whole'),
    },
    { label: say('order.renews'), value: say(order.autoRenew ? 'order.yes' : 'order.no') },
    { label: say('order.offer'), value: offerId },
    ...(campaignId === null ? [] : [{ label: say('order.campaign'), value: campaignId }]),
    ...(link === null ? [] : [{ label: say('order.link'), value: link }]),
    ...orderFact(say('order.renewalOf'), order.renewalOf),
    ...orderFact(say('order.renewedBy'), order.renewedBy),
  ];
}

function orderFact(label: string, id: string | null): Fact[] {
  return id === null ? [] : [{ label, value: <To thing="order" id={id} /> }];
}

function moneyOf(order: Order, { say, format }: Tools): Fact[] {
  const { delivered, quantity, pricePerFan, paid, owed, escrow, endedAt } = order;
  const amounts: [string, number][] = [
    [say('orders.total'), totalOf(order)],
    [say('orders.paid'), paid],
    [say('orders.owed'), owed],
    [say('orders.escrow'), escrow],
    ...(endedAt === null ? [[say('order.toCome'), (quantity - delivered) * pricePerFan] as [string, number]] : []),
  ];
  return amounts.map(([label, amount]) => ({ label, value: format.money(amount) }));
}

function clientOf({ client }: Order, { say, format }: Tools): Fact[] {
  const { tier, trustScore, paidOnTime, invoices, coveredFans } = client;
  return [
    { label: say('order.tier'), value: say('order.tierIs', { tier: tier === 'at-risk' ? 'other' : tier }) },
    { label: say('order.trust'), value: format.count(trustScore) },
    { label: say('order.onTime'), value: say('order.onTimeOf', { paid: paidOnTime, count: invoices }) },
    { label: say('order.covered'), value: format.count(coveredFans) },
  ];
}
