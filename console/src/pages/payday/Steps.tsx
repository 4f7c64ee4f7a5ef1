import { useConsole } from '../../context.ts';
import type { Batch } from '../../payouts/states.tsx';
import { Status } from '../../ui/Status.tsx';

const STEPS = ['drawn-up', 'checked', 'approved', 'exported', 'settled'] as const;

/** The way of a payday in words: what is behind it, where it stands, and what is still to come. */
export function Steps({ batch }: { batch: Batch }) {
  const { say } = useConsole();
  const at = STEPS.indexOf(batch.state);
  return (
    <ol class="steps" aria-label={say('payday.way')}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          class={index < at ? 'behind' : index === at ? 'here' : 'ahead'}
          aria-current={index === at ? 'step' : undefined}
        >
          <Status
            tone={index < at || (index === at && step === 'settled') ? 'good' : index === at ? 'waiting' : 'ended'}
          >
            {wordOf(step)}
          </Status>
        </li>
      ))}
    </ol>
  );

  /** A payday can be settled without a file: what was left out on the way is not said to be done. */
  function wordOf(step: (typeof STEPS)[number]): string {
    if (step === 'exported' && batch.state === 'settled' && batch.exports.length === 0)
      return say('payday.notExported');
    if (step === 'approved' && at > STEPS.indexOf('approved') && batch.approvedBy === null)
      return say('payday.notApproved');
    return say(`payday.${step}`);
  }
}
