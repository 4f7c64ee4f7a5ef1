import type { Commands } from '../commands.ts';
import type { Console } from '../context.ts';
import { INVOICE_TONES, type Invoice, isUnpaid, leftOf } from '../invoices.ts';
import { Run } from './Run.tsx';
import { Status } from './Status.tsx';
import { To } from './To.tsx';
import { amounts, type Column } from './table.ts';

type Tools = Pick<Console, 'say' | 'format' | 'session'>;

/** A person's own invoices, each with what they can do about it. */
export function invoiceColumns(tools: Tools, command: Commands): Column<Invoice>[] {
  const { say, format } = tools;
  return [
    weekColumn(tools),
    amounts({ key: 'total', header: say('invoice.total'), of: ({ total }) => total }, format),
    amounts({ key: 'left', header: say('invoice.left'), of: leftOf }, format),
    {
      key: 'state',
      header: say('invoice.state'),
      sortBy: ({ status }) => status,
      cell: ({ status }) => <Status tone={INVOICE_TONES[status]}>{say(`invoice.${status}`)}</Status>,
    },
    {
      key: 'due',
      header: say('invoice.due'),
      sortBy: ({ dueAt }) => dueAt,
      cell: ({ dueAt }) => format.instant(dueAt),
    },
    {
      key: 'act',
      header: say('own.acts'),
      cell: (invoice) => isUnpaid(invoice) && <InvoiceActs invoice={invoice} tools={tools} command={command} />,
    },
  ];
}

/** An invoice by its week, which leads to it. */
export function weekColumn({ say, format }: Pick<Console, 'say' | 'format'>): Column<Invoice> {
  return {
    key: 'week',
    header: say('invoice.week'),
    isName: true,
    sortBy: ({ week }) => week,
    cell: ({ invoiceId, week }) => (
      <To thing="invoice" id={invoiceId}>
        {format.week(week)}
      </To>
    ),
  };
}

type ActsProps = { invoice: Invoice; tools: Tools; command: Commands };

/** Pay, and where it is offered, promise to. The command asks before money moves, and says what may be promised. */
export function InvoiceActs({ invoice, tools: { say, format, session }, command }: ActsProps) {
  const { invoiceId, status, promise } = invoice;
  const week = format.week(invoice.week);
  const mayPromise = promisesAreTaken(session) && status === 'overdue' && promise?.status !== 'running';
  return (
    <div class="actions">
      <Run line={`/pay ${invoiceId}`} command={command} weight="main" label={say('home.payOf', { week })}>
        {say('home.pay')}
      </Run>
      {mayPromise && (
        <Run line={`/promise ${invoiceId}`} command={command} label={say('own.promiseOf', { week })}>
          {say('own.promise')}
        </Run>
      )}
    </div>
  );
}

function promisesAreTaken({ policy: { promises } }: Tools['session']): boolean {
  return typeof promises === 'object' && promises !== null && 'enabled' in promises && promises.enabled === true;
}
