import { useState } from 'preact/hooks';

import { ownerOf } from '../../../../src/kernel/owner.ts';
import { type Console, useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { Adjust } from '../../payouts/Adjust.tsx';
import { useList } from '../../queries.ts';
import { allows } from '../../session.ts';
import { Balance } from '../../ui/Balance.tsx';
import { CsvButton } from '../../ui/CsvButton.tsx';
import type { Fact } from '../../ui/Facts.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { ToAccount } from '../../ui/To.tsx';
import { isAccount, isAdjustable } from './accountName.ts';
import { entryColumns } from './entryColumns.tsx';

export default function LedgerAccount({ params: { account = '' } }: PageProps) {
  return isAccount(account) ? <Account account={account} /> : <Missing />;
}

/** One account: what it has, and every entry with what it was for and what it left. */
function Account({ account }: { account: string }) {
  const tools = useConsole();
  const { say, session } = tools;
  const [isAdjusting, setAdjusting] = useState(false);
  const input = { query: { account } };
  const list = useList('GET /v1/ledger/entries', input);
  const mayAdjust = isAdjustable(account) && allows(session, 'payouts.prepare');
  return (
    <Page
      title={account}
      lead={say('ledger.accountLead', { zone: session.timeZone })}
      actions={
        mayAdjust && (
          <button type="button" onClick={() => setAdjusting(true)}>
            {say('ledger.adjust')}
          </button>
        )
      }
    >
      <Balance account={account} label={say('ledger.balance')} beside={(name) => ownerFact(account, name, say)} />
      <Section
        title={say('ledger.entries')}
        actions={<CsvButton list={list} name={`ledger-${account.replaceAll(':', '-')}`} />}
      >
        <ListTable
          list={list}
          caption={say('ledger.entries')}
          columns={entryColumns(account, tools)}
          idOf={({ entryId }) => entryId}
          nameOf={({ entryId }) => entryId}
          empty={say('ledger.noEntries')}
        />
      </Section>
      {isAdjusting && <Adjust account={account} onClose={() => setAdjusting(false)} />}
    </Page>
  );
}

/** Whose it is, where it is somebody's. */
function ownerFact(account: string, name: string | undefined, say: Console['say']): Fact[] {
  const id = ownerOf(account);
  if (id === null || name === undefined) return [];
  return [{ label: say('ledger.owner'), value: <ToAccount id={id} name={name} /> }];
}
