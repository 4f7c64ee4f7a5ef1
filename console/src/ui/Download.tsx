import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import type { ListInput, Operation } from '../api.ts';
import { useConsole } from '../context.ts';
import { whyOf } from '../why.ts';
import { save } from './save.ts';

type Props = {
  /** What the file is called, with its ending. */
  name: string;
  label: ComponentChildren;
  /** What it is called for who hears it, where its words alone do not say of what it is; begins with them. */
  spoken?: string | undefined;
  title?: string;
  make(): Promise<Blob>;
};

/** A button that downloads a file, and says why not. */
export function Download({ name, label, spoken, title, make }: Props) {
  const tools = useConsole();
  const [error, setError] = useState<unknown>();
  const [isMaking, setMaking] = useState(false);

  async function download(): Promise<void> {
    if (isMaking) return;
    setMaking(true);
    setError(undefined);
    try {
      save(await make(), name);
    } catch (failure) {
      setError(failure);
    } finally {
      setMaking(false);
    }
  }

  return (
    <>
      <button type="button" onClick={download} aria-disabled={isMaking} title={title} aria-label={spoken}>
        {label}
      </button>
      {error !== undefined && (
        <span class="wrong" role="alert">
          {tools.say('table.csvFailed', { why: whyOf(error, tools) })}
        </span>
      )}
    </>
  );
}

type FileProps = Omit<Props, 'make'> & { operation: Extract<Operation, `GET ${string}`>; input: ListInput };

/** Downloads a file of the service's, byte by byte as it hands it out. */
export function FileButton({ operation, input, ...rest }: FileProps) {
  const { api } = useConsole();
  return <Download {...rest} make={() => api.file(operation, input)} />;
}
