import { useState } from 'preact/hooks';

import { oneOf, useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { allows } from '../../session.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { SelectionBar } from '../../ui/SelectionBar.tsx';
import { chosen, useSelection } from '../../ui/selection.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { columnsOf } from './columns.tsx';
import { ReplayDialog } from './ReplayDialog.tsx';
import { type Item, STATES } from './webhook.ts';

/** What the platform is told: what is queued, what is parked for somebody, and what it has. */
export default function Webhooks() {
  const tools = useConsole();
  const { session, say } = tools;
  const { params } = useAddress();
  const selection = useSelection();
  const [isReplaying, setReplaying] = useState(false);
  const tab = oneOf(params, 'state', ['all', ...STATES]);
  const query = tab === 'all' ? {} : { status: tab };
  const list = useList('GET /v1/webhooks', { query });
  const items = chosen(list.items ?? [], selection, idOf);
  return (
    <Page
      title={say('webhooks.title')}
      lead={say('webhooks.lead')}
      actions={<CsvButton list={list} name={`webhooks-${tab}`} />}
    >
      <Tabs
        label={say('webhooks.tabs')}
        name="state"
        value={tab}
        choices={(['all', ...STATES] as const).map((value) => ({ value, label: say(`webhooks.${value}`) }))}
      />
      <ListTable
        list={list}
        caption={say('webhooks.title')}
        columns={columnsOf(tools)}
        idOf={idOf}
        nameOf={({ type, subject }) => `${type}, ${subject}`}
        selection={allows(session, 'invoices') ? selection : undefined}
        empty={say('webhooks.none')}
      />
      <SelectionBar selection={selection} count={items.length}>
        <button type="button" onClick={() => setReplaying(true)}>
          {say('webhooks.replay')}
        </button>
      </SelectionBar>
      {isReplaying && (
        <ReplayDialog
          items={items}
          onClose={(hasRun) => {
            setReplaying(false);
            if (hasRun) selection.clear();
          }}
        />
      )}
    </Page>
  );
}

function idOf({ webhookId }: Item): string {
  return webhookId;
}
