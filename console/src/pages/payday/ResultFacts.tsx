import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ToPayout } from '../../ui/To.tsx';

type Result = Omit<AnswerOf<'GET /v1/payout-cycles/{date}/results'>['items'][number], 'at' | 'by'>;

/** What a file of a bank did, or would do, and every line that does not agree with what is stored. */
export function ResultFacts({ result }: { result: Result }) {
  const { say, format } = useConsole();
  const { settled, failed, returned, open, lines, already, pending, others, differences, missed } = result;
  const sums = { settled, failed, returned, open } as const;
  const counts = { lines, already, pending, others } as const;
  return (
    <>
      <Facts
        facts={[
          ...(['settled', 'failed', 'returned', 'open'] as const).map((name) => ({
            label: say(`result.${name}`),
            value: say('finding.sum', { count: sums[name].count, total: format.money(sums[name].total) }),
            isNumber: true,
          })),
          ...(['lines', 'already', 'pending', 'others'] as const)
            .filter((name) => counts[name] > 0)
            .map((name) => ({ label: say(`result.${name}`), value: format.count(counts[name]), isNumber: true })),
        ]}
      />
      {differences.length > 0 && (
        <>
          <p class="wrong">{say('result.differences', { count: differences.length })}</p>
          <ul class="differences">
            {differences.map(({ line, kind, outcome, payoutId, name, reference, expected, given }) => (
              <li key={line}>
                {say('result.line', { line })}{' '}
                {payoutId === null ? reference : <ToPayout payoutId={payoutId} name={name} />}{' '}
                {say(`result.outcome.${outcome}`)}: {say(`result.kind.${kind}`)}
                {kind === 'amount' && expected !== null && given !== null && (
                  <> {say('result.amounts', { expected: format.money(expected), given: format.money(given) })}</>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {missed.length > 0 && <p class="wrong">{say('result.missed', { ids: missed.join(', ') })}</p>}
    </>
  );
}
