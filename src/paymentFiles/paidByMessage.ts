import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { PaymentFileStore } from './store.ts';

/** The payouts that the SEPA message with an id pays, `20260401-SEPA-1-2`; null when no file that was made has it. */
export function createPaidByMessage({ files }: PaymentFileStore) {
  return async function paidByMessage(messageId: string): Promise<{ cycle: CycleDate; payoutIds: string[] } | null> {
    const [, year, month, day, number, part] = /^(\d{4})(\d{2})(\d{2})-SEPA-(\d{1,4})-(\d{1,4})$/.exec(messageId) ?? [];
    const cycle = `${year}-${month}-${day}`;
    const file = await files.findOne({ cycle, format: 'sepa', number: Number(number), state: 'made' });
    const index = Number(part) - 1;
    const wanted = file?.parts[index];
    if (file === null || wanted === undefined) return null;
    const before = file.parts.slice(0, index).reduce((count, one) => count + one.count, 0);
    const lines = file.lines.slice(before, before + wanted.count);
    return { cycle, payoutIds: lines.map(({ payoutId }) => payoutId) };
  };
}
