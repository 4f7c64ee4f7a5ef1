import type { RefusalCode } from '../kernel/refusals.ts';
import { type Say, sayIn } from './speech.ts';

/** What the code of a refusal means, as the middle of a sentence; in English for programs. */
export function refusalWords(code: RefusalCode, say: Say = sayIn('en')): string {
  return say(`refusals.${code}`);
}
