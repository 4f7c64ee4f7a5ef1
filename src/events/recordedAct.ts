/**
 * An act as the audit trail has it, for whoever compares what was stored with what people did. `key` names it where it is
 * recorded once for ever, `order` is its place in the trail.
 */
export type RecordedAct = {
  key: string;
  order: string;
  actor: string;
  action: string;
  subject: string;
  reason?: string;
  before?: unknown;
  after?: unknown;
  at: Date;
};

/** Reads acts again; each check asks for what it needs of it. */
export type Trail = {
  /** All acts of these actions, in their order. */
  all(actions: string[]): AsyncIterable<RecordedAct>;
  ofSubjects(subjects: string[], actions: string[], since?: Date): Promise<RecordedAct[]>;
  byKey(keys: string[]): Promise<Map<string, RecordedAct>>;
  /** When the first act was recorded, or null. */
  beginsAt(): Promise<Date | null>;
};
