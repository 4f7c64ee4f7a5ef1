import { useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';

import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { FileButton } from '../../ui/Download.tsx';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { Page } from '../../ui/Page.tsx';
import { addressOfThing } from '../../ui/To.tsx';
import { daysOf, isAccount, monthIn } from './accountName.ts';
import { TrialBalance } from './TrialBalance.tsx';

/** Finds an account, and shows what each had, got and gave in a month. */
export default function Ledger() {
  const { say, session, now } = useConsole();
  const { params } = useAddress();
  const month = monthIn(params.get('month')) ?? now().toISOString().slice(0, 7);
  const days = daysOf(month);
  return (
    <Page
      title={say('ledger.title')}
      lead={say('ledger.lead', { zone: session.timeZone })}
      actions={
        <>
          <FileButton
            operation="GET /v1/ledger/export"
            input={{ query: { ...days, format: 'csv' } }}
            name={`ledger-${month}.csv`}
            label={say('ledger.csvFile')}
          />
          <FileButton
            operation="GET /v1/ledger/export"
            input={{ query: { ...days, format: 'beancount' } }}
            name={`ledger-${month}.beancount`}
            label={say('ledger.beancount')}
          />
        </>
      }
    >
      <FindAccount />
      <TrialBalance month={month} />
    </Page>
  );
}

function FindAccount() {
  const { say } = useConsole();
  const [, navigate] = useLocation();
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      class="filter long"
      aria-label={say('ledger.account')}
      onSubmit={(event) => {
        event.preventDefault();
        const { account = '' } = valuesOf(event.currentTarget);
        setWrong(!isAccount(account));
        if (isAccount(account)) navigate(addressOfThing('ledger', account));
      }}
    >
      <Field
        label={say('ledger.account')}
        name="account"
        isRequired
        hint={say('ledger.accountHint')}
        error={isWrong ? say('ledger.notAnAccount') : undefined}
      />
      <div class="actions">
        <button type="submit">{say('ledger.open')}</button>
      </div>
    </form>
  );
}
