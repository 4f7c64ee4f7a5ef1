import { useState } from 'preact/hooks';

import type { ListInput, ListOperation } from '../api.ts';
import { useConsole } from '../context.ts';
import { whyOf } from '../why.ts';
import { save } from './save.ts';

type Props = {
  operation: ListOperation;
  input?: ListInput;
  /** What the file is called, without its ending. */
  name: string;
};

/** Downloads a list with all its pages, filtered as it is shown. */
export function CsvButton({ operation, input = {}, name }: Props) {
  const tools = useConsole();
  const [error, setError] = useState<unknown>();
  const [isMaking, setMaking] = useState(false);

  async function download(): Promise<void> {
    setMaking(true);
    setError(undefined);
    try {
      save(await tools.api.csv(operation, input), `${name}.csv`);
    } catch (failure) {
      setError(failure);
    } finally {
      setMaking(false);
    }
  }

  return (
    <>
      <button type="button" onClick={download} disabled={isMaking} title={tools.say('table.csvOf')}>
        {tools.say('table.csv')}
      </button>
      {error !== undefined && (
        <span class="wrong" role="alert">
          {tools.say('table.csvFailed', { why: whyOf(error, tools) })}
        </span>
      )}
    </>
  );
}
