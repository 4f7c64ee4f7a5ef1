import { useState } from 'preact/hooks';
import { useConsole } from '../../context.ts';
import { ORDER_TONES, type Order } from '../../orders.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { AuditTrail } from '../../ui/AuditTrail.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { Why } from '../../ui/Why.tsx';
import { isMissing } from '../../why.ts';
import { ACTS, type ActName, actsOn } from './acts.tsx';
import { Fans } from './Fans.tsx';
import { History } from './History.tsx';
import { Terms } from './Terms.tsx';

/** One order: its terms, what came of it so far, its fans, and what a manager does about it. */
export default function OrderPage({ params: { id = '' } }: PageProps) {
  const { say } = useConsole();
  const { data: order, error, refetch } = useAnswer('GET /v1/orders/{id}', { path: { id } });
  if (isMissing(error)) return <Missing />;
  return (
    <Page
      title={say('order.title', { id })}
      lead={order && <Status tone={ORDER_TONES[order.status]}>{say(`orderState.${order.status}`)}</Status>}
      actions={order && <Acts order={order} />}
    >
      {error !== null && <Failed error={error} again={refetch} />}
      {order === undefined ? (
        error === null && <Loading />
      ) : (
        <>
          <Terms order={order} />
          <History order={order} />
          <Fans orderId={id} />
          <Why id={id} />
          <AuditTrail subject={`order:${id}`} />
        </>
      )}
    </Page>
  );
}

/** What can be done with it in its state by who is there; the service decides again. */
function Acts({ order }: { order: Order }) {
  const { session, say } = useConsole();
  const [act, setAct] = useState<ActName>();
  const names = allows(session, 'orders') ? actsOn(order) : [];
  const Opened = act === undefined ? undefined : ACTS[act].Dialog;
  return (
    <>
      {names.map((name) => (
        <button key={name} type="button" class={ACTS[name].weight} onClick={() => setAct(name)}>
          {say(ACTS[name].label)}
        </button>
      ))}
      {Opened !== undefined && <Opened order={order} onClose={() => setAct(undefined)} />}
    </>
  );
}
