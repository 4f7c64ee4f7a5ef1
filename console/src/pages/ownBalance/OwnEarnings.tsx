import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Entries } from '../../ui/Entries.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Told } from '../../ui/Told.tsx';

/** What a marketer or an affiliate earned: by week and by what for, and everything that moved their balance. */
export default function OwnEarnings() {
  const { session, say } = useConsole();
  const { accountId, role } = session.account;
  const command = useCommand();
  return (
    <Page title={say('nav.earnings')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <Section title={say('own.now')}>
        <Told line="/earnings" command={command} />
      </Section>
      <Entries title={say('own.moved')} account={`${role}:${accountId}`} />
    </Page>
  );
}
