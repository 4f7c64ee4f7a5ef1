import { actorWords } from '../../actors.ts';
import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { Act } from '../../ui/Act.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { useForeseen, WhatWouldBe } from '../../ui/Foreseen.tsx';
import { Status } from '../../ui/Status.tsx';

export const FORMATS = ['sepa', 'wise', 'paypal', 'usdt-trc20', 'generic'] as const;
export type Format = (typeof FORMATS)[number];
type Made = AnswerOf<'POST /v1/payout-cycles/{date}/export'>;

type Props = { date: string; format: Format; isFurther: boolean; onFurther(): void; onClose(): void };

/** Makes a file of a format, having shown what would be in it and what would not; or says that it was made already. */
export function MakeFileDialog({ date, format, isFurther, onFurther, onClose }: Props) {
  const { api, say, format: formats } = useConsole();
  const asked = { path: { date }, query: { format, ...(isFurther ? { further: 'true' as const } : {}) } };
  const foreseen = useForeseen(() =>
    api.call('POST /v1/payout-cycles/{date}/export', { ...asked, query: { ...asked.query, simulate: 'true' } }),
  );
  const madeBefore = foreseen.answer?.madeBefore ?? null;
  const name = say(`paymentFile.formats.${format}`);
  return (
    <Act
      title={say('paymentFile.makeTitle', { format: name })}
      what={say('paymentFile.makeWhat')}
      items={[{ date }]}
      idOf={() => date}
      nameOf={() => say('payday.title', { day: formats.date(date) })}
      doIt={say('paymentFile.makeDo', { format: name })}
      isDangerous
      isOff={foreseen.answer === undefined || madeBefore !== null}
      perform={(_, __, idempotencyKey) =>
        api.call('POST /v1/payout-cycles/{date}/export', { ...asked, idempotencyKey })
      }
      afterwards={<p>{say('paymentFile.fetchNow')}</p>}
      onClose={onClose}
    >
      <WhatWouldBe foreseen={foreseen}>
        {(would) =>
          would.madeBefore === null ? (
            <InAndOut file={would} />
          ) : (
            <>
              <p>
                <Status tone="good">
                  {say('paymentFile.madeBefore', {
                    who: actorWords(would.madeBefore.by, say),
                    at: formats.instant(would.madeBefore.at),
                  })}
                </Status>
              </p>
              <button type="button" onClick={onFurther}>
                {say('paymentFile.further')}
              </button>
            </>
          )
        }
      </WhatWouldBe>
    </Act>
  );
}

/** What is in a file and what of the batch is not; together they are the batch. */
function InAndOut({ file: { count, total, rest } }: { file: Pick<Made, 'count' | 'total' | 'rest'> }) {
  const { say, format } = useConsole();
  const line = (label: string, part: { count: number; total: number }): Fact[] =>
    part.count === 0
      ? []
      : [{ label, value: say('finding.sum', { count: part.count, total: format.money(part.total) }) }];
  return (
    <Facts
      facts={[
        ...line(say('paymentFile.in'), { count, total }),
        ...rest.otherMethods.flatMap((part) => line(say('paymentFile.otherMethod', { method: part.method }), part)),
        ...line(say('paymentFile.withoutPayee'), rest.withoutPayee),
        ...line(say('payday.held'), rest.held),
        ...line(say('paymentFile.cannotPay'), rest.leftOut),
        ...line(say('paymentFile.notDue'), rest.notDue),
      ]}
    />
  );
}
