import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Entries } from '../../ui/Entries.tsx';
import { OutsideLink } from '../../ui/OutsideLink.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Told } from '../../ui/Told.tsx';

/** A model's balance, and what moved it. */
export default function OwnBalance() {
  const { session, say } = useConsole();
  const { accountId } = session.account;
  const { topUp } = session.pages;
  const command = useCommand();
  return (
    <Page
      title={say('nav.balance')}
      lead={say('own.zone', { zone: session.timeZone })}
      actions={topUp !== undefined && <OutsideLink url={topUp}>{say('own.topUp')}</OutsideLink>}
    >
      <AnswerDialog command={command} />
      <Section title={say('own.now')}>
        <Told line="/balance" command={command} />
      </Section>
      <Entries title={say('own.moved')} account={`model:${accountId}`} />
    </Page>
  );
}
