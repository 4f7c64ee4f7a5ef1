import type { AnswerOf } from '../../api.ts';
import { type Commands, useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { INVOICE_TONES, isUnpaid, leftOf } from '../../invoices.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { FileButton } from '../../ui/Download.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { InvoiceActs } from '../../ui/invoiceColumns.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { Thing } from '../../ui/Thing.tsx';
import { type Moment, Timeline } from '../../ui/Timeline.tsx';
import { Told } from '../../ui/Told.tsx';
import type { Column } from '../../ui/table.ts';

type Invoice = AnswerOf<'GET /v1/invoices/{id}'>;
type Line = Invoice['lines'][number];

/** One invoice of a model: what it is made of, what was paid of it, and what can be done about it. */
export default function OwnInvoice({ params: { id = '' } }: PageProps) {
  const { say } = useConsole();
  const command = useCommand();
  const read = useAnswer('GET /v1/invoices/{id}', { path: { id } });
  return (
    <>
      <AnswerDialog command={command} />
      <Thing title={say('nav.invoice')} read={read}>
        {(invoice) => <Shown invoice={invoice} command={command} />}
      </Thing>
    </>
  );
}

function Shown({ invoice, command }: { invoice: Invoice; command: Commands }) {
  const tools = useConsole();
  const { say, format, session } = tools;
  const { invoiceId, week, lines } = invoice;
  const input = { path: { id: invoiceId } };
  return (
    <Page
      title={say('own.invoiceOf', { week: format.week(week) })}
      lead={say('own.zone', { zone: session.timeZone })}
      actions={
        <>
          <FileButton
            operation="GET /v1/invoices/{id}/pdf"
            input={input}
            name={`invoice-${invoiceId}.pdf`.replaceAll(':', '-')}
            label={say('own.pdf')}
          />
          <FileButton
            operation="GET /v1/invoices/{id}/csv"
            input={input}
            name={`invoice-${invoiceId}.csv`.replaceAll(':', '-')}
            label={say('table.csv')}
          />
        </>
      }
    >
      <Facts facts={factsOf(invoice)} />
      {isUnpaid(invoice) && <InvoiceActs invoice={invoice} tools={tools} command={command} />}
      <Section title={say('own.lines')}>
        <DataTable
          caption={say('own.lines')}
          columns={lineColumns()}
          file={null}
          rows={lines}
          idOf={lineId}
          nameOf={lineId}
          empty={say('own.noLines')}
        />
        <Facts facts={sumsOf(invoice)} />
      </Section>
      <Section title={say('own.story')}>
        <Timeline moments={momentsOf(invoice)} label={say('own.story')} />
        <Told line={`/why ${invoiceId}`} command={command} />
      </Section>
    </Page>
  );

  function factsOf(one: Invoice): Fact[] {
    return [
      { label: say('invoice.left'), value: format.money(leftOf(one)), isNumber: true },
      { label: say('invoice.total'), value: format.money(one.total), isNumber: true },
      {
        label: say('invoice.state'),
        value: <Status tone={INVOICE_TONES[one.status]}>{say(`invoice.${one.status}`)}</Status>,
      },
      { label: say('invoice.due'), value: format.instant(one.dueAt) },
      ...(one.number === undefined ? [] : [{ label: say('own.number'), value: one.number }]),
      ...(one.creditNote === undefined ? [] : [{ label: say('own.creditNote'), value: one.creditNote }]),
      ...(one.reference === undefined ? [] : [{ label: say('own.reference'), value: one.reference }]),
    ];
  }

  function sumsOf({ subtotal, discount, discountBps, credit, total }: Invoice): Fact[] {
    const amount = (label: string, value: number) => ({ label, value: format.money(value), isNumber: true });
    return [
      amount(say('own.subtotal'), subtotal),
      ...(discount === 0 ? [] : [amount(say('own.discount', { rate: format.rate(discountBps) }), -discount)]),
      ...(credit === 0 ? [] : [amount(say('own.credit'), -credit)]),
      amount(say('invoice.total'), total),
    ];
  }

  function momentsOf({ issuedAt, dueAt, paidAt, parts = [], promise }: Invoice): Moment[] {
    const isAhead = (at: string) => Date.parse(at) > tools.now().getTime();
    const moments: Moment[] = [
      { id: 'issued', at: issuedAt, what: say('own.issued') },
      { id: 'due', at: dueAt, what: say('own.due'), tone: 'waiting', isAhead: isAhead(dueAt) },
      ...parts.map(
        (part): Moment => ({
          id: `part-${part.number}`,
          at: part.paidAt,
          what: say('own.partPaid', { amount: format.money(part.amount) }),
          tone: 'good',
        }),
      ),
      ...(promise === undefined
        ? []
        : [
            { id: 'promised', at: promise.madeAt, what: say('own.promised') },
            {
              id: 'until',
              at: promise.until,
              what: say(`own.promiseUntil.${promise.status}`),
              isAhead: isAhead(promise.until),
            },
          ]),
      ...(paidAt === undefined ? [] : [{ id: 'paid', at: paidAt, what: say('own.paid'), tone: 'good' as const }]),
    ];
    return moments.sort((a, b) => a.at.localeCompare(b.at));
  }

  function lineColumns(): Column<Line>[] {
    const amount = (key: 'gross' | 'cost', header: string): Column<Line> => ({
      ...{ key, header, isNumber: true },
      sortBy: (line) => line[key],
      cell: (line) => format.money(line[key]),
    });
    return [
      { key: 'campaign', header: say('own.campaign'), isName: true, cell: ({ campaignId }) => campaignId },
      { key: 'contractor', header: say('own.contractor'), cell: ({ contractorName }) => contractorName },
      { key: 'type', header: say('own.type'), cell: ({ type }) => say(`own.types.${type}`) },
      { key: 'count', header: say('own.count'), isNumber: true, cell: ({ count }) => format.count(count) },
      amount('gross', say('own.gross')),
      { key: 'rate', header: say('own.rate'), isNumber: true, cell: ({ rateBps }) => format.rate(rateBps) },
      amount('cost', say('own.cost')),
    ];
  }
}

function lineId({ campaignId, type, rateBps }: Line): string {
  return `${campaignId} ${type} ${rateBps}`;
}
