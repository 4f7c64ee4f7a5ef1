import { useState } from 'preact/hooks';
import { actorWords } from '../../actors.ts';

import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import type { Batch } from '../../payouts/states.tsx';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { FileButton } from '../../ui/Download.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Section } from '../../ui/Page.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { ToPayout } from '../../ui/To.tsx';
import { Empty, Failed, Loading } from '../../ui/Wait.tsx';
import { FORMATS, type Format, MakeFileDialog } from './MakeFile.tsx';

type PaymentFile = AnswerOf<'GET /v1/payout-cycles/{date}/exports'>['items'][number];

/** The files that pay the batch: those that were made, to be downloaded, and making one. */
export function Files({ date, batch: { state } }: { date: string; batch: Pick<Batch, 'state'> }) {
  const { say, session } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/payout-cycles/{date}/exports', { path: { date } });
  const isApproved = state === 'approved' || state === 'exported';
  return (
    <Section title={say('paymentFile.title')}>
      {isApproved && allows(session, 'payouts.prepare') && <MakeFile date={date} />}
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined && error === null && <Loading />}
      {data?.items.length === 0 && <Empty>{say(isApproved ? 'paymentFile.none' : 'paymentFile.notYet')}</Empty>}
      {data?.items.map((file) => (
        <OneFile key={file.file} file={file} />
      ))}
    </Section>
  );
}

function MakeFile({ date }: { date: string }) {
  const { say } = useConsole();
  const [format, setFormat] = useState<Format>('sepa');
  const [wanted, setWanted] = useState<{ format: Format; isFurther: boolean }>();
  return (
    <div class="filter">
      <SelectField
        label={say('paymentFile.format')}
        name="format"
        value={format}
        choices={FORMATS.map((value) => ({ value, label: say(`paymentFile.formats.${value}`) }))}
        onChoose={(value) => setFormat(value as Format)}
      />
      <button type="button" onClick={() => setWanted({ format, isFurther: false })}>
        {say('paymentFile.make')}
      </button>
      {wanted !== undefined && (
        <MakeFileDialog
          key={`${wanted.format} ${wanted.isFurther}`}
          date={date}
          {...wanted}
          onFurther={() => setWanted({ format: wanted.format, isFurther: true })}
          onClose={() => setWanted(undefined)}
        />
      )}
    </div>
  );
}

/** What was made, how to have it, and what of the batch is not in it. */
function OneFile({ file }: { file: PaymentFile }) {
  const { say, format, session } = useConsole();
  const { cycle, number, by, madeAt, executeOn, count, total, parts, leftOut } = file;
  return (
    <article class="payment-file" aria-label={file.file}>
      <h3>{say('paymentFile.name', { format: say(`paymentFile.formats.${file.format}`), number })}</h3>
      <Facts
        facts={[
          {
            label: say('payday.total'),
            value: say('finding.sum', { count, total: format.money(total) }),
            isNumber: true,
          },
          {
            label: say('paymentFile.made'),
            value: say('payday.byAt', { who: actorWords(by, say), at: format.instant(madeAt) }),
          },
          { label: say('paymentFile.executeOn'), value: format.date(executeOn) },
        ]}
      />
      <ul class="parts">
        {parts.map(({ part, name, hash }) => (
          <li key={part}>
            {allows(session, 'payouts.prepare') ? (
              <FileButton
                operation="GET /v1/payout-cycles/{date}/export"
                input={{ path: { date: cycle }, query: { format: file.format, number, part } }}
                name={name}
                label={name}
                title={say('file.download', { name })}
              />
            ) : (
              name
            )}
            <span class="hint">
              SHA-256 <code class="hash">{hash}</code>
            </span>
          </li>
        ))}
      </ul>
      {leftOut.length > 0 && (
        <details>
          <summary>{say('paymentFile.leftOut', { count: leftOut.length })}</summary>
          <ul>
            {leftOut.map(({ payoutId, name, amount, why }) => (
              <li key={payoutId}>
                <ToPayout payoutId={payoutId} name={name} /> <span class="number">{format.money(amount)}</span>{' '}
                <span class="hint">{say(`paymentFile.${why}`)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}
