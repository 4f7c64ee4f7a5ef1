import { actorWords } from '../../actors.ts';
import { useConsole } from '../../context.ts';
import { Act } from '../../ui/Act.tsx';
import { useForeseen, WhatWouldBe } from '../../ui/Foreseen.tsx';
import { Status } from '../../ui/Status.tsx';
import { ResultFacts } from './ResultFacts.tsx';

type Props = { date: string; file: File; onClose(): void };

/** Shows what a file would settle, fail and bring back, and what does not agree; only then it is taken. */
export function TakeResultDialog({ date, file, onClose }: Props) {
  const { api, say, format } = useConsole();
  const handed = { path: { date }, content: file };
  const foreseen = useForeseen(() =>
    api.hand('POST /v1/payout-cycles/{date}/results', {
      ...handed,
      query: { simulate: 'true' },
      idempotencyKey: crypto.randomUUID(),
    }),
  );
  const takenBefore = foreseen.answer?.takenBefore ?? null;
  return (
    <Act
      title={say('result.takeTitle')}
      what={say('result.takeWhat')}
      items={[file]}
      idOf={({ name }) => name}
      nameOf={({ name }) => name}
      detailOf={({ size }) => say('result.bytes', { bytes: size })}
      doIt={say('result.takeDo')}
      isDangerous
      isOff={foreseen.answer === undefined || takenBefore !== null}
      perform={(_, __, idempotencyKey) =>
        api.hand('POST /v1/payout-cycles/{date}/results', { ...handed, idempotencyKey })
      }
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>
        {(would) => (
          <>
            {would.takenBefore !== null && (
              <p>
                <Status tone="good">
                  {say('result.takenBefore', {
                    who: actorWords(would.takenBefore.by, say),
                    at: format.instant(would.takenBefore.at),
                  })}
                </Status>
              </p>
            )}
            <ResultFacts result={would} />
          </>
        )}
      </WhatWouldBe>
    </Act>
  );
}
