import { actorWords } from '../../actors.ts';
import { useConsole } from '../../context.ts';
import type { Cycle } from '../../payouts/states.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';

/** What the payday comes to, what became of it so far, and who has answered for it. */
export function Sums({ cycle }: { cycle: Cycle }) {
  const { say, format } = useConsole();
  const { payouts, total, byStatus, carriedIn, carriedAway, batch } = cycle;
  const parts = [
    ...(['due', 'processing', 'paid', 'failed'] as const).map(
      (name) => [say(`line.views.${name}`), byStatus[name]] as const,
    ),
    [say('payday.carriedIn'), carriedIn] as const,
    [say('payday.carriedAway'), carriedAway] as const,
  ];
  return (
    <>
      <Facts
        facts={[
          { label: say('payday.total'), value: `${format.money(total)} · ${format.count(payouts)}`, isNumber: true },
          ...parts
            .filter(([, { count }]) => count > 0)
            .map(([label, part]) => ({
              label,
              value: `${format.money(part.total)} · ${format.count(part.count)}`,
              isNumber: true,
            })),
        ]}
      />
      {batch !== null && <Facts facts={batchFacts()} />}
    </>
  );

  function batchFacts(): Fact[] {
    if (batch === null) return [];
    const { count, hash, checkedBy, checkedAt, askedBy, approvedBy, approvedAt, open } = batch;
    const when = (who: string, at: string | null) =>
      at === null ? actorWords(who, say) : say('payday.byAt', { who: actorWords(who, say), at: format.instant(at) });
    const lines = `${format.money(batch.total)} · ${format.count(count)}`;
    return [
      { label: say('payday.batch'), value: lines, isNumber: true },
      { label: say('payday.open'), value: `${format.money(open.total)} · ${format.count(open.count)}`, isNumber: true },
      ...(checkedBy === null ? [] : [{ label: say('payday.checkedBy'), value: when(checkedBy, checkedAt) }]),
      ...(askedBy === null ? [] : [{ label: say('payday.askedBy'), value: actorWords(askedBy, say) }]),
      ...(approvedBy === null ? [] : [{ label: say('payday.approvedBy'), value: when(approvedBy, approvedAt) }]),
      { label: say('payday.hash'), value: <code class="hash">{hash}</code> },
    ];
  }
}
