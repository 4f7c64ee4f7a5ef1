import { type Commands, useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { useTold } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { MessageCard } from '../../ui/MessageCard.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { Sessions } from './Sessions.tsx';

/** Everything that somebody may choose, as in chat; and where the console is open as them. */
export default function Settings() {
  const { say, session, renew } = useConsole();
  const command = useCommand();
  const ending = useCommand();
  return (
    <Page title={say('nav.settings')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={ending} />
      <Section title={say('own.choices')}>
        <Choices
          command={command}
          onCommand={async (line) => {
            await command.run(line);
            // The language may be another one, or the zone: all that is on the screen is said anew.
            await renew();
          }}
        />
      </Section>
      <Sessions onEndAll={() => void ending.run('/settings sessions end all')} />
    </Page>
  );
}

/** The settings, and in their place the choices of the one that was pressed. */
function Choices({ command, onCommand }: { command: Commands; onCommand(line: string): Promise<void> }) {
  const { data, error, refetch } = useTold('/settings');
  const message = command.answer ?? data;
  return (
    <>
      {command.error !== undefined && <Failed error={command.error} />}
      {error !== null && <Failed error={error} again={refetch} />}
      {message === undefined ? (
        error === null && <Loading />
      ) : (
        <MessageCard
          message={message}
          onCommand={(line) => void onCommand(line)}
          isRunning={command.running !== undefined}
        />
      )}
    </>
  );
}
