import { useState } from 'preact/hooks';

import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { allows, type Session } from '../../session.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { SelectionBar } from '../../ui/SelectionBar.tsx';
import { chosen, useSelection } from '../../ui/selection.ts';
import { Ages } from './Ages.tsx';
import { ACTS, type ActName } from './acts.tsx';
import { columnsOf } from './columns.tsx';
import { FilterForm } from './FilterForm.tsx';
import { filterIn } from './filter.ts';
import type { Item } from './item.ts';

/** What is unpaid past due, and what a manager does about it. */
export default function Overdue() {
  const tools = useConsole();
  const { session, say, format } = tools;
  const { params } = useAddress();
  const selection = useSelection();
  const [act, setAct] = useState<ActName>();
  const filter = filterIn(params);
  const list = useList('GET /v1/overdue', { query: filter });
  const items = chosen(list.items ?? [], selection, idOf);
  const sum = format.money(items.reduce((total, { left }) => total + left, 0));
  const acts = actsOf(session);
  const Opened = act === undefined ? undefined : ACTS[act].Dialog;
  return (
    <Page title={say('overdue.title')} lead={say('overdue.lead')} actions={<CsvButton list={list} name="overdue" />}>
      <Ages filter={filter} />
      <FilterForm filter={filter} />
      <ListTable
        list={list}
        caption={say('overdue.title')}
        columns={columnsOf(tools)}
        idOf={idOf}
        nameOf={({ modelName, invoiceId }) => `${modelName}, ${invoiceId}`}
        selection={acts.length === 0 ? undefined : selection}
        empty={say('overdue.empty')}
      />
      <SelectionBar selection={selection} count={items.length} sum={sum}>
        {acts.map((name) => (
          <button key={name} type="button" class={ACTS[name].weight} onClick={() => setAct(name)}>
            {say(ACTS[name].label)}
          </button>
        ))}
      </SelectionBar>
      {Opened !== undefined && (
        <Opened
          items={items}
          sum={sum}
          onClose={(hasRun) => {
            setAct(undefined);
            if (hasRun) selection.clear();
          }}
        />
      )}
    </Page>
  );
}

function idOf({ invoiceId }: Item): string {
  return invoiceId;
}

/** Those that the session has the scope for; the service decides again. */
function actsOf(session: Session): ActName[] {
  return (Object.keys(ACTS) as ActName[]).filter((name) => allows(session, ACTS[name].scope));
}
