import { useEffect, useState } from 'preact/hooks';

export type Selection = {
  ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** All of these, or none of them where all are selected already. */
  toggleAll(ids: readonly string[]): void;
  clear(): void;
};

let choosing = 0;

/** Whether rows are chosen anywhere on the page: what they stand among should not move then. */
export function hasChosenRows(): boolean {
  return choosing > 0;
}

/** The rows that somebody chose, by their ids. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (ids.size === 0) return;
    choosing += 1;
    return () => {
      choosing -= 1;
    };
  }, [ids]);
  return {
    ids,
    toggle: (id) => setIds((before) => toggled(before, id)),
    toggleAll: (all) => setIds((before) => allToggled(before, all)),
    clear: () => setIds(new Set()),
  };
}

/** The chosen rows that are still there: what was paid meanwhile is no longer acted on. */
export function chosen<Row>(rows: readonly Row[], { ids }: Pick<Selection, 'ids'>, idOf: (row: Row) => string): Row[] {
  return rows.filter((row) => ids.has(idOf(row)));
}

export function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(id)) after.add(id);
  return after;
}

export function allToggled(before: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  if (!ids.every((id) => before.has(id))) return new Set([...before, ...ids]);
  return new Set([...before].filter((id) => !ids.includes(id)));
}
