import { useConsole } from '../../context.ts';
import { INVOICE_TONES } from '../../invoices.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { FileButton } from '../../ui/Download.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { OneActs } from '../../ui/OneActs.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { Why } from '../../ui/Why.tsx';
import { isMissing } from '../../why.ts';
import { useInvoiceActs } from './acts.tsx';
import { lineColumns } from './lines.tsx';

/** One invoice as a manager looks at it: its lines, how it stands and why, and what can be done about it. */
export default function Invoice({ params: { id = '' } }: PageProps) {
  const tools = useConsole();
  const { say, format } = tools;
  const path = { id };
  const { data, error, refetch } = useAnswer('GET /v1/invoices/{id}', { path });
  const acts = useInvoiceActs(data);
  if (isMissing(error)) return <Missing />;
  return (
    <Page
      title={say('invoice.title', { id })}
      actions={
        <>
          <FileButton
            operation="GET /v1/invoices/{id}/pdf"
            input={{ path }}
            name={`${id}.pdf`}
            label={say('invoice.pdf')}
          />
          <FileButton
            operation="GET /v1/invoices/{id}/csv"
            input={{ path }}
            name={`${id}.csv`}
            label={say('table.csv')}
          />
          <OneActs name={id} acts={acts} />
        </>
      }
    >
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined ? (
        error === null && <Loading />
      ) : (
        <>
          <Section title={say('invoice.state')}>
            <Facts
              facts={[
                {
                  label: say('invoice.state'),
                  value: <Status tone={INVOICE_TONES[data.status]}>{say(`invoice.${data.status}`)}</Status>,
                },
                { label: say('overdue.model'), value: <ToAccount id={data.modelId} name={data.modelName} /> },
                { label: say('invoice.days'), value: format.week(data.week) },
                { label: say('invoice.subtotal'), value: format.money(data.subtotal), isNumber: true },
                { label: say('invoice.discount'), value: format.money(-data.discount), isNumber: true },
                { label: say('invoice.credit'), value: format.money(-data.credit), isNumber: true },
                { label: say('invoice.total'), value: format.money(data.total), isNumber: true },
                { label: say('invoice.issued'), value: format.instant(data.issuedAt) },
                { label: say('invoice.due'), value: format.instant(data.dueAt) },
                ...(data.completedAt === null
                  ? []
                  : [{ label: say('invoice.paidOn'), value: format.instant(data.completedAt) }]),
                {
                  label: say('invoice.ledger'),
                  value: <To thing="ledger" id={`model:${data.modelId}`} />,
                },
                ...(data.promise === undefined
                  ? []
                  : [
                      {
                        label: say('overdue.promise'),
                        value: say('promise.is', {
                          state: data.promise.status === 'lapsed' ? 'other' : data.promise.status,
                          until: format.day(data.promise.until),
                        }),
                      },
                    ]),
              ]}
            />
          </Section>
          <Section title={say('invoice.lines')}>
            <DataTable
              caption={say('invoice.lines')}
              columns={lineColumns(tools)}
              file={null}
              rows={data.lines}
              idOf={({ campaignId, contractorId, type, rateBps }) => `${campaignId} ${contractorId} ${type} ${rateBps}`}
              nameOf={({ campaignId, type }) => `${campaignId}, ${type}`}
            />
          </Section>
          <Why id={id} />
        </>
      )}
    </Page>
  );
}
