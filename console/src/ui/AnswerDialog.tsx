import type { Commands } from '../commands.ts';
import { useConsole } from '../context.ts';
import { Dialog } from './Dialog.tsx';
import { MessageCard } from './MessageCard.tsx';
import { Failed, Loading } from './Wait.tsx';

/**
 * What a command that was pressed on the page has answered, with its own buttons: the question before what cannot be undone, and then
 * what became of it. Nothing is shown until something was pressed.
 */
export function AnswerDialog({ command }: { command: Commands }) {
  const { say } = useConsole();
  const { answer, error, running } = command;
  if (answer === undefined && error === undefined && running === undefined) return null;
  const { title, ...rest } = answer ?? { buttons: [], paragraphs: [] };
  return (
    <Dialog title={title ?? say('act.answered')} onClose={command.forget} mayClose={running === undefined}>
      {error !== undefined && <Failed error={error} />}
      {answer === undefined ? (
        running !== undefined && <Loading />
      ) : (
        <MessageCard message={rest} onCommand={(line) => void command.run(line)} isRunning={running !== undefined} />
      )}
      <div class="actions end">
        <button type="button" onClick={command.forget} disabled={running !== undefined}>
          {say('act.close')}
        </button>
      </div>
    </Dialog>
  );
}
