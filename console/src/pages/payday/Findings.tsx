import { useConsole } from '../../context.ts';
import type { Batch } from '../../payouts/states.tsx';
import { Section } from '../../ui/Page.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { ToPayout } from '../../ui/To.tsx';

type Finding = Batch['findings'][number];

/** What nobody should approve without having looked. */
const GRAVE: ReadonlySet<Finding['kind']> = new Set(['missing-payee', 'ledger-differs']);

/** What the last check found, kind by kind. */
export function Findings({ batch: { findings, checkedBy } }: { batch: Batch }) {
  const { say, format } = useConsole();
  if (checkedBy === null) return null;
  return (
    <Section title={say('finding.title')}>
      {findings.length === 0 && <Status tone="good">{say('finding.none')}</Status>}
      {findings.map(({ kind, count, total, payouts }) => (
        <details key={kind} class="finding">
          <summary>
            <Status tone={toneOf(kind)}>{say(`finding.${kind}`)}</Status>
            <span class="number">{say('finding.sum', { count, total: format.money(total) })}</span>
          </summary>
          <ul>
            {payouts.map(({ payoutId, name, amount, before, what }) => (
              <li key={payoutId}>
                <ToPayout payoutId={payoutId} name={name} /> <span class="number">{format.money(amount)}</span>
                {before !== undefined && (
                  <span class="hint"> {say('finding.before', { amount: format.money(before) })}</span>
                )}
                {what !== undefined && <span class="hint"> {what}</span>}
              </li>
            ))}
          </ul>
          {count > payouts.length && <p class="hint">{say('finding.more', { count: count - payouts.length })}</p>}
        </details>
      ))}
    </Section>
  );
}

function toneOf(kind: Finding['kind']): Tone {
  return GRAVE.has(kind) ? 'bad' : 'waiting';
}
