import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { allows } from '../../session.ts';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { MessageCard } from '../../ui/MessageCard.tsx';
import { Section } from '../../ui/Page.tsx';
import { Failed } from '../../ui/Wait.tsx';

/** A message to somebody, in their chat; what is answered says whether it is on its way, or why not. */
export function Write({ id }: { id: string }) {
  const { session, say } = useConsole();
  const { run, answer, error, running } = useCommand();
  if (!allows(session, 'sanctions')) return null;
  return (
    <Section title={say('account.write')}>
      <form
        class="filter long"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const { text = '' } = valuesOf(form);
          if (text !== '' && running === undefined)
            void run(`/contact ${id} ${text}`).then((isAnswered) => isAnswered && form.reset());
        }}
      >
        <Field label={say('account.text')} name="text" isRequired />
        <div class="actions">
          <button type="submit" aria-disabled={running !== undefined}>
            {say('account.send')}
          </button>
        </div>
      </form>
      {error !== undefined && <Failed error={error} />}
      {answer !== undefined && (
        <MessageCard message={answer} onCommand={(line) => void run(line)} isRunning={running !== undefined} />
      )}
    </Section>
  );
}
