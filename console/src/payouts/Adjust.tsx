import { useState } from 'preact/hooks';

import { signedAmountOf } from '../amounts.ts';
import { useConsole } from '../context.ts';
import { Act } from '../ui/Act.tsx';
import { AmountField } from '../ui/AmountField.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, valuesOf } from '../ui/Field.tsx';
import { Postings, useForeseen, WhatWouldBe } from '../ui/Foreseen.tsx';

type Wanted = { account: string; amount: number; reason: string };

/** Asks how much and why, shows what the ledger would get, and only then does it. */
export function Adjust({ account, onClose }: { account: string; onClose(): void }) {
  const [wanted, setWanted] = useState<Wanted>();
  return wanted === undefined ? (
    <Ask account={account} onWanted={setWanted} onClose={onClose} />
  ) : (
    <Make wanted={wanted} onClose={onClose} />
  );
}

function Ask({ account, onWanted, onClose }: { account: string; onWanted(wanted: Wanted): void; onClose(): void }) {
  const { say, format, session } = useConsole();
  const [isWrong, setWrong] = useState(false);
  return (
    <Dialog title={say('ledger.adjustTitle', { account })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const { amount: typed = '', reason = '' } = valuesOf(event.currentTarget);
          const amount = signedAmountOf(typed, format.amountOf);
          setWrong(amount === null);
          if (amount !== null) onWanted({ account, amount, reason });
        }}
      >
        <p>{say('ledger.adjustWhat')}</p>
        <AmountField
          label={say('ledger.adjustAmount', { currency: session.currency })}
          name="amount"
          isRequired
          isSigned
          isWrong={isWrong}
        />
        <Field label={say('act.reason')} name="reason" isRequired />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            {say('act.cancel')}
          </button>
          <button type="submit" class="main">
            {say('ledger.preview')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Make({ wanted, onClose }: { wanted: Wanted; onClose(): void }) {
  const { api, say, format } = useConsole();
  const { account, amount, reason } = wanted;
  const foreseen = useForeseen(() =>
    api.call('POST /v1/adjustments', { query: { simulate: 'true' }, body: { account, amount, reason } }),
  );
  return (
    <Act
      title={say('ledger.adjustTitle', { account })}
      what={say('ledger.adjustWhat')}
      items={[wanted]}
      idOf={() => account}
      nameOf={() => `${account}: ${reason}`}
      detailOf={() => format.money(amount)}
      doIt={say('ledger.adjustDo', { amount: format.money(amount) })}
      isDangerous
      isOff={foreseen.answer === undefined}
      perform={(body, _, idempotencyKey) => api.call('POST /v1/adjustments', { body, idempotencyKey })}
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>
        {({ balance, postings }) => (
          <>
            <p>{say('ledger.wouldLeave', { balance: format.money(balance) })}</p>
            <Postings postings={postings} />
          </>
        )}
      </WhatWouldBe>
    </Act>
  );
}
