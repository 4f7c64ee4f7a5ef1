import { useRef, useState } from 'preact/hooks';
import { actorWords } from '../../actors.ts';

import { useConsole } from '../../context.ts';
import type { Batch } from '../../payouts/states.tsx';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { Section } from '../../ui/Page.tsx';
import { Empty, Failed, Loading } from '../../ui/Wait.tsx';
import { ResultFacts } from './ResultFacts.tsx';
import { TakeResultDialog } from './TakeResult.tsx';

/** What banks and wallets said of the payments: those files that were handed in, and handing in another. */
export function Results({ date, batch: { state } }: { date: string; batch: Pick<Batch, 'state'> }) {
  const { say, format, session } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/payout-cycles/{date}/results', { path: { date } });
  const isApproved = state === 'approved' || state === 'exported' || state === 'settled';
  return (
    <Section title={say('result.title')}>
      {isApproved && allows(session, 'payouts.prepare') && <DropPlace date={date} />}
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined && error === null && <Loading />}
      {data?.items.length === 0 && <Empty>{say('result.none')}</Empty>}
      {data?.items.map((result) => (
        <article key={result.hash} class="payment-file">
          <h3>
            {say('result.taken', {
              format: result.format,
              at: format.instant(result.at),
              who: actorWords(result.by, say),
            })}
          </h3>
          <ResultFacts result={result} />
        </article>
      ))}
    </Section>
  );
}

/** Takes a file by drop, or by the dialog of the browser, which is what the keyboard reaches. */
function DropPlace({ date }: { date: string }) {
  const { say } = useConsole();
  const [file, setFile] = useState<File>();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <label
        class={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          setFile(event.dataTransfer?.files[0]);
        }}
      >
        <span>{say('result.drop')}</span>
        <span class="hint">{say('result.kinds')}</span>
        <input
          ref={input}
          type="file"
          accept=".xml,.csv,.txt,text/csv,text/xml,application/xml"
          onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
        />
      </label>
      {file !== undefined && (
        <TakeResultDialog
          date={date}
          file={file}
          onClose={() => {
            setFile(undefined);
            // The same file can be chosen again only once the field has forgotten it.
            if (input.current !== null) input.current.value = '';
          }}
        />
      )}
    </>
  );
}
