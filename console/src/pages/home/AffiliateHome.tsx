import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Told } from '../../ui/Told.tsx';

/** An affiliate's first page: what the next payday pays, what waits, and where it goes. */
export default function AffiliateHome() {
  const { session, say } = useConsole();
  const command = useCommand();
  return (
    <Page title={say('home.title', { name: session.account.name })} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <Section title={say('own.nextPayday')}>
        <Told line="/nextpayday" command={command} />
      </Section>
    </Page>
  );
}
