import type { RecordedAct } from './recordedAct.ts';
import { wordOf } from './verifyFacts.ts';

/** Something that was stored of an act, under the name that a line gives it: as it is, and as the audit trail has it. */
export type Said = [what: string, is: unknown, should: unknown];

/** A line for each of these that the audit trail says otherwise. */
export function saidOtherwise(where: string, said: readonly Said[]): string[] {
  return said
    .filter(([, is, should]) => wordOf(is) !== wordOf(should))
    .map(([what, is, should]) => `${where}: ${what} is ${wordOf(is)}, and the audit trail says ${wordOf(should)}`);
}

/** What an act came to, by its fields; none where the trail has no such group. */
export function afterOf({ after }: Pick<RecordedAct, 'after'>): Record<string, unknown> {
  return typeof after === 'object' && after !== null ? { ...after } : {};
}
