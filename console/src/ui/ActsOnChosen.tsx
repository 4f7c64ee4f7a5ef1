import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import type { PlainKey } from '../say.ts';
import type { OnClose } from './Act.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import type { Selection } from './selection.ts';

type Props<Name extends string> = {
  selection: Selection;
  /** How many of what is shown are chosen, and what they come to. */
  count: number;
  sum?: string;
  acts: readonly Name[];
  of: Readonly<Record<Name, { label: PlainKey; weight?: 'main' | 'danger' }>>;
  /** Asks for an act; once that is done nothing is chosen any more, and what was chosen is still so where it was only left. */
  dialogOf(act: Name, onClose: OnClose): ComponentChildren;
};

/** What can be done with chosen rows: its buttons, and the dialog of the one that was pressed. */
export function ActsOnChosen<Name extends string>({ acts, of, dialogOf, ...bar }: Props<Name>) {
  const { say } = useConsole();
  const [act, setAct] = useState<Name>();
  return (
    <>
      <SelectionBar {...bar}>
        {acts.map((name) => (
          <button key={name} type="button" class={of[name].weight} onClick={() => setAct(name)}>
            {say(of[name].label)}
          </button>
        ))}
      </SelectionBar>
      {act !== undefined &&
        dialogOf(act, (hasRun) => {
          setAct(undefined);
          if (hasRun) bar.selection.clear();
        })}
    </>
  );
}
