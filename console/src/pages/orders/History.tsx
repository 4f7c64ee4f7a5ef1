import { orderReasonSentence, type WrittenOrderReason } from '../../../../src/notices/messages/orderReason.ts';
import type { Console } from '../../context.ts';
import { useConsole } from '../../context.ts';
import { ORDER_TONES, type Order } from '../../orders.ts';
import { Section } from '../../ui/Page.tsx';
import { type Moment, Timeline } from '../../ui/Timeline.tsx';

/** When what happened to an order, the deadline of its answer, and why it ended. */
export function History({ order }: { order: Order }) {
  const tools = useConsole();
  const { say } = tools;
  const { because, renewalBlockers } = order;
  return (
    <Section title={say('order.history')}>
      <Timeline label={say('order.history')} moments={momentsOf(order, tools)} />
      <Reasons title={say('order.reasons')} reasons={because} />
      <Reasons title={say('order.notRenewed')} reasons={renewalBlockers} />
    </Section>
  );
}

function Reasons({ title, reasons }: { title: string; reasons: readonly WrittenOrderReason[] }) {
  const { say } = useConsole();
  if (reasons.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {reasons.map((reason) => (
        <p key={JSON.stringify(reason)}>{orderReasonSentence(reason, say)}</p>
      ))}
    </>
  );
}

function momentsOf(order: Order, { say }: Pick<Console, 'say'>): Moment[] {
  const { status, placedAt, respondBy, acceptedAt, startedAt, startedBy, endedAt } = order;
  const moments: (Omit<Moment, 'at'> & { at: string | null })[] = [
    { id: 'placed', at: placedAt, what: say('order.placedAt') },
    { id: 'accepted', at: acceptedAt, what: say('order.acceptedAt'), tone: 'good' },
    {
      id: 'started',
      at: startedAt,
      what: say('order.startedAt', { by: startedBy === 'fan' || startedBy === null ? 'other' : startedBy }),
      tone: 'good',
    },
    {
      ...{ id: 'ended', at: endedAt, tone: ORDER_TONES[status] },
      what: say('order.endedAt', { state: say(`orderState.${status}`) }),
    },
    status === 'placed'
      ? { id: 'respondBy', at: respondBy, what: say('order.respondBy'), tone: 'waiting', isAhead: true }
      : { id: 'respondBy', at: respondBy, what: say('order.wasToAnswer') },
  ];
  return moments
    .flatMap(({ at, ...moment }) => (at === null ? [] : [{ ...moment, at }]))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
