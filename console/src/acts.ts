import type { Console } from './context.ts';
import type { TextKey } from './say.ts';

/** What was done, in words; its code where there are none, as of an act that an earlier version wrote. */
export function actWords(action: string, { say, isText }: Pick<Console, 'say' | 'isText'>): string {
  // In a catalogue a point leads to what is inside.
  const key = `acts.${action.replaceAll('.', '_')}`;
  // The texts of acts take nothing; a test holds that.
  return isText(key) ? (say as (key: TextKey) => string)(key) : action;
}
