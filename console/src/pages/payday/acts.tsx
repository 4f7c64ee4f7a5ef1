import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';

import { useConsole } from '../../context.ts';
import { Asked } from '../../payouts/Asked.tsx';
import type { Batch } from '../../payouts/states.tsx';
import type { PlainKey } from '../../say.ts';
import type { Scope } from '../../session.ts';
import { Act } from '../../ui/Act.tsx';
import { Field } from '../../ui/Field.tsx';
import { useForeseen, WhatWouldBe } from '../../ui/Foreseen.tsx';

type DialogProps = { date: string; batch: Batch; onClose(): void };
type ActOnPayday = {
  label: PlainKey;
  scope: Scope;
  states: readonly Batch['state'][];
  Dialog: ComponentType<DialogProps>;
};

/** What can be done with a payday as a whole, with the scope that each needs (webhooks/scopes.ts), and when it is of use. */
export const ACTS = {
  check: { label: 'payday.check', scope: 'payouts.prepare', states: ['drawn-up', 'checked'], Dialog: CheckDialog },
  approve: { label: 'payday.approve', scope: 'payouts.approve', states: ['checked'], Dialog: ApproveDialog },
  settle: {
    label: 'payday.settle',
    scope: 'payouts.approve',
    states: ['drawn-up', 'checked', 'approved', 'exported'],
    Dialog: SettleDialog,
  },
} satisfies Record<string, ActOnPayday> as Record<'check' | 'approve' | 'settle', ActOnPayday>;

export type ActName = keyof typeof ACTS;

/** Whether it is of use where the batch stands; the service decides again. */
export function isOpenTo(name: ActName, { state }: Pick<Batch, 'state'>): boolean {
  return ACTS[name].states.includes(state);
}

function CheckDialog({ date, batch, onClose }: DialogProps) {
  const { api, say } = useConsole();
  const foreseen = useForeseen(() =>
    api.call('POST /v1/payout-cycles/{date}/check', { path: { date }, query: { simulate: 'true' }, body: {} }),
  );
  return (
    <Act
      {...useDay(date, batch)}
      title={say('payday.checkTitle')}
      what={say('payday.checkWhat')}
      doIt={say('payday.check')}
      isOff={foreseen.answer === undefined}
      perform={(_, __, idempotencyKey) =>
        api.call('POST /v1/payout-cycles/{date}/check', { path: { date }, body: {}, idempotencyKey })
      }
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>
        {({ findings }) => (
          <p>{say('payday.wouldFind', { count: findings.reduce((sum, { count }) => sum + count, 0) })}</p>
        )}
      </WhatWouldBe>
    </Act>
  );
}

/** Exactly what is on the screen is approved: its hash goes along. */
function ApproveDialog({ date, batch, onClose }: DialogProps) {
  const { api, say } = useConsole();
  const [answer, setAnswer] = useState<object>();
  const input = { path: { date }, body: { hash: batch.hash } };
  const foreseen = useForeseen(() =>
    api.call('POST /v1/payout-cycles/{date}/approve', { ...input, query: { simulate: 'true' } }),
  );
  const day = useDay(date, batch);
  return (
    <Act
      {...day}
      title={say('payday.approveTitle')}
      what={say('payday.approveWhat')}
      doIt={say('payday.approveDo', { total: day.sum })}
      isDangerous
      isOff={foreseen.answer === undefined}
      perform={async (_, __, idempotencyKey) =>
        setAnswer(await api.call('POST /v1/payout-cycles/{date}/approve', { ...input, idempotencyKey }))
      }
      afterwards={<Asked answer={answer} isDone />}
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>{(would) => <Asked answer={would} />}</WhatWouldBe>
    </Act>
  );
}

function SettleDialog({ date, batch, onClose }: DialogProps) {
  const { api, say, format } = useConsole();
  const [answer, setAnswer] = useState<object>();
  const foreseen = useForeseen(() =>
    api.call('POST /v1/payout-cycles/{date}/settle', { path: { date }, query: { simulate: 'true' }, body: {} }),
  );
  return (
    <Act
      {...useDay(date, batch)}
      title={say('payday.settleTitle')}
      what={say('payday.settleWhat')}
      doIt={say('payday.settleDo', { total: format.money(batch.open.total) })}
      isDangerous
      isOff={foreseen.answer === undefined}
      perform={async (_, { reference = '' }, idempotencyKey) =>
        setAnswer(
          await api.call('POST /v1/payout-cycles/{date}/settle', {
            path: { date },
            body: reference === '' ? {} : { reference },
            idempotencyKey,
          }),
        )
      }
      afterwards={<Asked answer={answer} isDone />}
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>
        {(would) => (
          <>
            <Asked answer={would} />
            {'total' in would && (
              <p>{say('payday.wouldSettle', { count: would.count, total: format.money(would.total) })}</p>
            )}
          </>
        )}
      </WhatWouldBe>
      <Field label={say('payday.reference')} name="reference" />
    </Act>
  );
}

/** A payday as the one thing that something is done to. */
function useDay(date: string, batch: Batch) {
  const { say, format } = useConsole();
  const sum = format.money(batch.total);
  return {
    items: [{ date }],
    idOf: () => date,
    nameOf: () => say('payday.title', { day: format.date(date) }),
    detailOf: () => say('finding.sum', { count: batch.count, total: sum }),
    sum,
  };
}
