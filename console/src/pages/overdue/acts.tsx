import type { ComponentType } from 'preact';

import { useConsole } from '../../context.ts';
import type { PlainKey } from '../../say.ts';
import type { Scope } from '../../session.ts';
import { Act, type OnClose } from '../../ui/Act.tsx';
import { Field } from '../../ui/Field.tsx';
import type { Item } from './item.ts';

type DialogProps = { items: readonly Item[]; sum: string; onClose: OnClose };
type ActOnOverdue = { label: PlainKey; scope: Scope; weight?: 'danger'; Dialog: ComponentType<DialogProps> };

/** What can be done with chosen invoices, with the scope that each needs (webhooks/scopes.ts). */
export const ACTS = {
  remind: { label: 'overdue.remind', scope: 'sanctions', Dialog: RemindDialog },
  grace: { label: 'overdue.grace', scope: 'sanctions', Dialog: GraceDialog },
  writeOff: { label: 'overdue.writeOff', scope: 'invoices', weight: 'danger', Dialog: WriteOffDialog },
} satisfies Record<string, ActOnOverdue> as Record<'remind' | 'grace' | 'writeOff', ActOnOverdue>;

export type ActName = keyof typeof ACTS;

function RemindDialog({ items, sum, onClose }: DialogProps) {
  const { api, say, format } = useConsole();
  const count = items.length;
  return (
    <Act
      title={say('overdue.remindTitle', { count })}
      what={say('overdue.remindWhat', { count })}
      items={items}
      idOf={({ invoiceId }) => invoiceId}
      nameOf={({ modelName, invoiceId }) => `${modelName}, ${invoiceId}`}
      detailOf={({ left }) => format.money(left)}
      sum={sum}
      doIt={say('overdue.remindDo', { count })}
      perform={({ invoiceId }, _, idempotencyKey) =>
        api.call('POST /v1/invoices/{id}/remind', { path: { id: invoiceId }, idempotencyKey })
      }
      onClose={onClose}
    />
  );
}

/** Sanctions are a model's, so a model of several invoices is granted one. */
function GraceDialog({ items, onClose }: DialogProps) {
  const { api, say, format, now } = useConsole();
  const models = [...new Map(items.map((item) => [item.modelId, item])).values()];
  const count = models.length;
  return (
    <Act
      title={say('overdue.graceTitle', { count })}
      what={say('overdue.graceWhat')}
      items={models}
      idOf={({ modelId }) => modelId}
      nameOf={({ modelName }) => modelName}
      detailOf={({ standing }) => format.money(standing.overdue.total)}
      sum={format.money(models.reduce((total, { standing }) => total + standing.overdue.total, 0))}
      doIt={say('overdue.graceDo', { count })}
      perform={({ modelId }, { days, reason = '' }, idempotencyKey) => {
        const until = new Date(now().getTime() + Number(days) * DAY_MS).toISOString();
        return api.call('POST /v1/models/{id}/grace', {
          path: { id: modelId },
          body: { until, reason },
          idempotencyKey,
        });
      }}
      onClose={onClose}
    >
      <Field label={say('overdue.graceDays')} name="days" type="number" min={1} max={365} value="7" isRequired />
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

function WriteOffDialog({ items, sum, onClose }: DialogProps) {
  const { api, say, format } = useConsole();
  const count = items.length;
  return (
    <Act
      title={say('overdue.writeOffTitle', { count })}
      what={say('overdue.writeOffWhat', { count })}
      items={items}
      idOf={({ invoiceId }) => invoiceId}
      nameOf={({ modelName, invoiceId }) => `${modelName}, ${invoiceId}`}
      detailOf={({ left }) => format.money(left)}
      sum={sum}
      doIt={say('overdue.writeOffDo', { total: sum })}
      isDangerous
      perform={({ invoiceId }, { reason = '' }, idempotencyKey) =>
        api.call('POST /v1/invoices/{id}/write-off', { path: { id: invoiceId }, body: { reason }, idempotencyKey })
      }
      onClose={onClose}
    >
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

const DAY_MS = 86_400_000;
