import { oneOf, useAddress } from '../../address.ts';
import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { invoiceColumns } from '../../ui/invoiceColumns.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { Page } from '../../ui/Page.tsx';
import { StateChoice } from '../../ui/StateChoice.tsx';

const STATUSES = ['open', 'overdue', 'completed', 'credited', 'void', 'written_off'] as const;

/** All invoices of a model. */
export default function OwnInvoices() {
  const tools = useConsole();
  const { session, say } = tools;
  const { params } = useAddress();
  const command = useCommand();
  const status = oneOf(params, 'status', ['', ...STATUSES]);
  const query = { modelId: session.account.accountId, ...(status === '' ? {} : { status }) };
  return (
    <Page title={say('nav.invoices')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <ListSection
        title={say('home.invoices')}
        operation="GET /v1/invoices"
        input={{ query }}
        columns={invoiceColumns(tools, command)}
        idOf={({ invoiceId }) => invoiceId}
        empty={say('invoice.none')}
        file="invoices"
      >
        <div class="filter">
          <StateChoice value={status} states={STATUSES} wordsOf={(one) => say(`invoice.${one}`)} />
        </div>
      </ListSection>
    </Page>
  );
}
