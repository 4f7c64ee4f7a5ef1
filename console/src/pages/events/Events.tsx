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
import { ACTS, type ActName } from './acts.tsx';
import { columnsOf } from './columns.tsx';
import type { Item } from './event.ts';
import { Lacking } from './Lacking.tsx';

const TABS = ['quarantined', 'waiting', 'all'] as const;
const EMPTY = {
  quarantined: 'events.noneQuarantined',
  waiting: 'events.noneWaiting',
  all: 'events.none',
} as const;

/** What came in: what is in quarantine, what waits and for what, and everything. */
export default function Events() {
  const tools = useConsole();
  const { session, say } = tools;
  const { params } = useAddress();
  const selection = useSelection();
  const [act, setAct] = useState<ActName>();
  const tab = oneOf(params, 'show', TABS);
  const query = tab === 'all' ? {} : { status: tab };
  const list = useList('GET /v1/events', { query });
  const isActedOn = tab === 'quarantined' && allows(session, 'invoices');
  const items = isActedOn ? chosen(list.items ?? [], selection, idOf) : [];
  const { event, type, state, reason, lacks, holdsBack, received } = columnsOf(tools);
  const columns = {
    quarantined: [event, type, reason, holdsBack, lacks, received],
    waiting: [event, type, lacks, holdsBack, received],
    all: [event, type, state, reason, lacks, holdsBack, received],
  }[tab];
  const Opened = act === undefined ? undefined : ACTS[act].Dialog;
  return (
    <Page
      title={say('events.title')}
      lead={say('events.lead')}
      actions={<CsvButton list={list} name={`events-${tab}`} />}
    >
      <Tabs
        label={say('events.tabs')}
        name="show"
        value={tab}
        choices={TABS.map((value) => ({ value, label: say(`events.${value}`) }))}
      />
      {tab === 'waiting' && <Lacking />}
      <ListTable
        list={list}
        caption={say('events.title')}
        columns={columns}
        idOf={idOf}
        nameOf={idOf}
        selection={isActedOn ? selection : undefined}
        empty={say(EMPTY[tab])}
      />
      <SelectionBar selection={selection} count={items.length}>
        {(Object.keys(ACTS) as ActName[]).map((name) => (
          <button key={name} type="button" class={ACTS[name].weight} onClick={() => setAct(name)}>
            {say(ACTS[name].label)}
          </button>
        ))}
      </SelectionBar>
      {Opened !== undefined && (
        <Opened
          items={items}
          onClose={(hasRun) => {
            setAct(undefined);
            if (hasRun) selection.clear();
          }}
        />
      )}
    </Page>
  );
}

function idOf({ eventId }: Item): string {
  return eventId;
}
