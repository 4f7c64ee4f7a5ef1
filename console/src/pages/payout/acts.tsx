import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';

import { useConsole } from '../../context.ts';
import { Asked } from '../../payouts/Asked.tsx';
import { HoldDialog, ReleaseDialog } from '../../payouts/holds.tsx';
import type { Payout } from '../../payouts/states.tsx';
import type { PlainKey } from '../../say.ts';
import type { Scope } from '../../session.ts';
import { Act } from '../../ui/Act.tsx';
import { Field } from '../../ui/Field.tsx';
import { Postings, useForeseen, WhatWouldBe } from '../../ui/Foreseen.tsx';

type DialogProps = { payout: Payout; onClose(): void };
type ActOnPayout = {
  label: PlainKey;
  scope: Scope;
  weight?: 'danger';
  Dialog: ComponentType<DialogProps>;
  isOpen(payout: Payout): boolean;
};

const isUnsettled = ({ status }: Payout) => status === 'due' || status === 'processing';
const isFree = ({ status, held }: Payout) => status === 'due' && held === null;

/** What can be done with one payout, with the scope that each needs (webhooks/scopes.ts), and where it is of use. */
export const ACTS = {
  process: actOf('process', { scope: 'payouts.approve', isOpen: isFree }),
  settle: actOf('settle', {
    scope: 'payouts.approve',
    isOpen: (payout) => isUnsettled(payout) && payout.held === null,
  }),
  fail: actOf('fail', {
    scope: 'payouts.approve',
    weight: 'danger',
    isOpen: (payout) => isUnsettled(payout) && payout.held === null,
  }),
  return: actOf('return', {
    scope: 'payouts.prepare',
    weight: 'danger',
    isOpen: ({ status, returned }) => status === 'paid' && returned === null,
  }),
  hold: { label: 'line.hold', scope: 'payouts.prepare', Dialog: Hold, isOpen: ({ status }) => status === 'due' },
  release: { label: 'line.release', scope: 'payouts.prepare', Dialog: Release, isOpen: ({ held }) => held !== null },
  holdAccount: { label: 'hold.account', scope: 'payouts.prepare', Dialog: HoldAccount, isOpen: () => true },
  releaseAccount: {
    label: 'hold.releaseAccount',
    scope: 'payouts.prepare',
    Dialog: ReleaseAccount,
    isOpen: ({ held }) => held !== null,
  },
} satisfies Record<string, ActOnPayout> as Record<
  'process' | 'settle' | 'fail' | 'return' | 'hold' | 'release' | 'holdAccount' | 'releaseAccount',
  ActOnPayout
>;

export type ActName = keyof typeof ACTS;

/** Whether it is of use where the payout stands; the service decides again. */
export function isOpenTo(name: ActName, payout: Payout): boolean {
  return ACTS[name].isOpen(payout);
}

type Step = 'process' | 'settle' | 'fail' | 'return';

function actOf(step: Step, more: Pick<ActOnPayout, 'scope' | 'weight' | 'isOpen'>): ActOnPayout {
  return { label: `payout.act.${step}`, Dialog: (props) => <StepDialog step={step} {...props} />, ...more };
}

/** Says that it is being transferred, paid, has failed or came back; shows first what the ledger would get. */
function StepDialog({ step, payout, onClose }: DialogProps & { step: Step }) {
  const { api, say, format } = useConsole();
  const [answer, setAnswer] = useState<object>();
  const path = { id: payout.payoutId };
  const foreseen = useForeseen(() =>
    api.call(`POST /v1/payouts/{id}/${step}`, { path, query: { simulate: 'true' }, body: {} }),
  );
  return (
    <Act
      title={say(`payout.ask.${step}`)}
      what={say(`payout.what.${step}`)}
      items={[payout]}
      idOf={({ payoutId }) => payoutId}
      nameOf={({ payoutId }) => payoutId}
      detailOf={({ amount }) => format.money(amount)}
      doIt={say(`payout.do.${step}`, { amount: format.money(payout.amount) })}
      isDangerous={step !== 'process'}
      isOff={foreseen.answer === undefined}
      perform={async (_, values, idempotencyKey) => {
        const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
        setAnswer(await api.call(`POST /v1/payouts/{id}/${step}`, { path, body, idempotencyKey }));
      }}
      afterwards={<Asked answer={answer} isDone />}
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>
        {(would) => ('missing' in would ? <Asked answer={would} /> : <Postings postings={would.postings} />)}
      </WhatWouldBe>
      {step !== 'fail' && step !== 'process' && <Field label={say('payout.reference')} name="reference" />}
      {(step === 'fail' || step === 'return') && <Field label={say('act.reason')} name="reason" />}
    </Act>
  );
}

function Hold({ payout: { payoutId, amount }, onClose }: DialogProps) {
  return <HoldDialog of="payout" items={[{ id: payoutId, amount }]} onClose={onClose} />;
}

function Release({ payout: { payoutId, amount }, onClose }: DialogProps) {
  return <ReleaseDialog of="payout" items={[{ id: payoutId, amount }]} onClose={onClose} />;
}

function HoldAccount({ payout: { accountId }, onClose }: DialogProps) {
  return <HoldDialog of="account" items={[{ id: accountId }]} onClose={onClose} />;
}

function ReleaseAccount({ payout: { accountId }, onClose }: DialogProps) {
  return <ReleaseDialog of="account" items={[{ id: accountId }]} onClose={onClose} />;
}
