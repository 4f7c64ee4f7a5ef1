import { useCommand } from '../commands.ts';
import { useConsole } from '../context.ts';
import { MessageCard } from './MessageCard.tsx';
import { Section } from './Page.tsx';
import { Failed } from './Wait.tsx';

/** How something came about, as `/why` says in chat; asked for when somebody wants to know. */
export function Why({ id }: { id: string }) {
  const { say } = useConsole();
  const { run, answer, error, running } = useCommand();
  const isRunning = running !== undefined;
  return (
    <Section
      title={say('whyIs.title')}
      actions={
        <button type="button" aria-disabled={isRunning} onClick={() => isRunning || void run(`/why ${id}`)}>
          {say('whyIs.ask')}
        </button>
      }
    >
      {error !== undefined && <Failed error={error} />}
      {answer !== undefined && (
        <MessageCard message={answer} onCommand={(line) => void run(line)} isRunning={isRunning} />
      )}
    </Section>
  );
}
