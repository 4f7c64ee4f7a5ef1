import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import { whyOf } from '../why.ts';
import { save } from './save.ts';

type Props = {
  /** Below the service, as `/v1/invoices/2026-W47:m1/pdf`. */
  path: string;
  /** What the file is called, with its ending. */
  name: string;
  children: ComponentChildren;
};

/** Downloads a file of one thing. A link would not do: inside Telegram no cookie goes with it. */
export function FileButton({ path, name, children }: Props) {
  const tools = useConsole();
  const [error, setError] = useState<unknown>();
  const [isMaking, setMaking] = useState(false);

  async function download(): Promise<void> {
    setMaking(true);
    setError(undefined);
    try {
      save(await tools.api.file(path), name.replaceAll(':', '-'));
    } catch (failure) {
      setError(failure);
    } finally {
      setMaking(false);
    }
  }

  return (
    <>
      <button type="button" onClick={download} disabled={isMaking}>
        {children}
      </button>
      {error !== undefined && (
        <span class="wrong" role="alert">
          {tools.say('own.fileFailed', { why: whyOf(error, tools) })}
        </span>
      )}
    </>
  );
}
