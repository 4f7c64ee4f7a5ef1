import { csv } from '../../../src/kernel/csv.ts';
import { useConsole } from '../context.ts';
import { type Message, type MessageButton, type MessageState, type MessageTable, partsOf } from '../message.ts';
import { Download } from './Download.tsx';
import { Facts } from './Facts.tsx';
import { OutsideLink } from './OutsideLink.tsx';
import { Status, type Tone } from './Status.tsx';
import { csvFile } from './save.ts';

const TONES: Record<MessageState, Tone> = {
  done: 'good',
  open: 'waiting',
  overdue: 'bad',
  stopped: 'bad',
  info: 'plain',
};

type Props = {
  message: Message;
  /** Pressing a button is the same as typing its command. */
  onCommand(line: string): void;
  isRunning?: boolean;
};

/** What a command answered, with the same buttons as in chat. */
export function MessageCard({ message, onCommand, isRunning = false }: Props) {
  const { state, title, paragraphs, facts = [], table, footer, buttons } = message;
  return (
    <section class="message" aria-live="polite">
      {title !== undefined && <h2>{state === undefined ? title : <Status tone={TONES[state]}>{title}</Status>}</h2>}
      {paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {facts.length > 0 && <Facts facts={facts.map(([label, value]) => ({ label, value }))} />}
      {table !== undefined && table.rows.length > 0 && <Rows table={table} title={title} />}
      {footer !== undefined && <p class="hint">{footer}</p>}
      {buttons.length > 0 && (
        <div class="actions">
          {buttons.flat().map((button) => (
            <Press key={button.label} button={button} onCommand={onCommand} isRunning={isRunning} />
          ))}
        </div>
      )}
    </section>
  );
}

function Press({
  button,
  onCommand,
  isRunning,
}: {
  button: MessageButton;
  onCommand(line: string): void;
  isRunning: boolean;
}) {
  if (button.url !== undefined) return <OutsideLink url={button.url}>{button.label}</OutsideLink>;
  return (
    // Not disabled, or what was pressed would lose the focus.
    <button
      type="button"
      class={button.weight}
      aria-disabled={isRunning}
      onClick={() => {
        if (!isRunning) onCommand(button.command);
      }}
    >
      {button.label}
    </button>
  );
}

type RowsProps = { table: MessageTable; title: string | undefined };

function Rows({ table, title }: RowsProps) {
  const { say } = useConsole();
  const numbers = new Set(table.numbers ?? []);
  const classOf = (column: number) => (numbers.has(column) ? 'number' : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is moved sideways is moved by keys, too
    <section class="scroll" tabIndex={0} aria-label={table.header.join(', ')}>
      <table class="plain">
        {table.header.length > 0 && (
          <thead>
            <tr>
              {table.header.map((text, column) => (
                <th key={text} scope="col" class={classOf(column)}>
                  {text}
                </th>
              ))}
            </tr>
          </thead>
        )}
        {partsOf(table).map(({ heading, rows }) => (
          <tbody key={heading ?? ''}>
            {heading !== undefined && (
              <tr>
                <th scope="rowgroup" colSpan={table.header.length || rows[0]?.length}>
                  {heading}
                </th>
              </tr>
            )}
            {rows.map((row) => (
              <tr key={row.join('\n')}>
                {row.map((text, column) => (
                  <td key={column} class={classOf(column)}>
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <Download
        name="table.csv"
        label={say('table.csv')}
        spoken={title === undefined ? undefined : `${say('table.csv')}: ${title}`}
        make={async () => csvFile(csvOf(table))}
      />
    </section>
  );
}

/** As it is said; the heading of a part stands before each of its rows. */
function csvOf(table: MessageTable): string {
  const parts = partsOf(table);
  const hasHeadings = parts.some(({ heading }) => heading !== undefined);
  const rows = parts.flatMap(({ heading = '', rows }) => rows.map((row) => (hasHeadings ? [heading, ...row] : row)));
  const header = hasHeadings ? ['', ...table.header] : table.header;
  return csv(
    header,
    rows.map((row) => row.map((text) => ({ text }))),
  );
}
