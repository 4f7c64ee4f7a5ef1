import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Balance } from '../../ui/Balance.tsx';
import { invoiceColumns } from '../../ui/invoiceColumns.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { OutsideLink } from '../../ui/OutsideLink.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { To } from '../../ui/To.tsx';
import { Told } from '../../ui/Told.tsx';

/** A model's first page: what is to be paid now, and how they stand. */
export default function ModelHome() {
  const tools = useConsole();
  const { session, say } = tools;
  const { accountId, name } = session.account;
  const { topUp } = session.pages;
  const command = useCommand();
  return (
    <Page
      title={say('home.title', { name })}
      lead={say('own.zone', { zone: session.timeZone })}
      actions={topUp !== undefined && <OutsideLink url={topUp}>{say('own.topUp')}</OutsideLink>}
    >
      <AnswerDialog command={command} />
      <Balance account={`model:${accountId}`} label={say('own.balance')} />
      <ListSection
        title={say('home.toPay')}
        operation="GET /v1/invoices"
        input={{ query: { modelId: accountId, unpaid: 'true' } }}
        columns={invoiceColumns(tools, command)}
        idOf={({ invoiceId }) => invoiceId}
        empty={say('home.nothingToPay')}
        file="invoices-unpaid"
      />
      <Section title={say('home.standing')}>
        <Told line="/standing" command={command} />
        <p>
          <To thing="page" id="standing">
            {say('own.moreStanding')}
          </To>
        </p>
      </Section>
    </Page>
  );
}
