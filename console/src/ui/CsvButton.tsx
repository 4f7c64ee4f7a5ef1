import type { ListSource } from '../api.ts';
import { useConsole } from '../context.ts';
import { Download } from './Download.tsx';

type Props = {
  /** The list as it is read and shown, with its filter. */
  list: ListSource;
  /** What the file is called, without its ending. */
  name: string;
};

/** Downloads a list with all its pages, filtered as it is shown. */
export function CsvButton({ list: { operation, input }, name }: Props) {
  const { api, say } = useConsole();
  return (
    <Download
      name={`${name}.csv`}
      label={say('table.csv')}
      title={say('table.csvOf')}
      make={() => api.csv(operation, input)}
    />
  );
}
