import { useCommand } from '../commands.ts';
import { useConsole } from '../context.ts';
import { MessageCard } from './MessageCard.tsx';
import { Failed } from './Wait.tsx';

/** How something came about, as `/why` says in chat; asked for when somebody wants to know. */
export function Why({ id }: { id: string }) {
  const { say } = useConsole();
  const { run, answer, error, running } = useCommand();
  return (
    <>
      <button
        type="button"
        aria-disabled={running !== undefined}
        onClick={() => {
          if (running === undefined) void run(`/why ${id}`);
        }}
      >
        {say('whyIs.ask')}
      </button>
      {error !== undefined && <Failed error={error} />}
      {answer !== undefined && (
        <MessageCard message={answer} onCommand={(line) => void run(line)} isRunning={running !== undefined} />
      )}
    </>
  );
}
