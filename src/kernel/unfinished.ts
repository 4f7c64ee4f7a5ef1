/**
 * A kind of acts that a crash can cut off between the write that decides and what follows from it: `find` answers those
 * whose effects are pending, by an index, and since when by the service's clock; the process that decided may be at them
 * at this moment. `finish` does what is left of them, by `now` and once, whoever else does so.
 */
export type Unfinished = {
  kind: string;
  find: (limit: number) => Promise<PendingAct[]>;
  finish: (ids: string[], now: Date) => Promise<void>;
};

export type PendingAct = { id: string; since: Date };
