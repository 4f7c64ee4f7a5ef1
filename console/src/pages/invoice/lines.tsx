import type { AnswerOf } from '../../api.ts';
import type { Console } from '../../context.ts';
import { personColumn } from '../../ui/personColumn.tsx';
import { amounts, type Column } from '../../ui/table.ts';

type Invoice = AnswerOf<'GET /v1/invoices/{id}'>;
type Line = Invoice['lines'][number];

export function lineColumns({ say, format }: Pick<Console, 'say' | 'format'>): Column<Line>[] {
  return [
    {
      key: 'campaign',
      header: say('invoice.campaign'),
      isName: true,
      sortBy: ({ campaignId }) => campaignId,
      cell: ({ campaignId }) => campaignId,
    },
    personColumn({
      ...{ key: 'contractor', header: say('invoice.contractor') },
      of: ({ contractorId, contractorName }) => ({ id: contractorId, name: contractorName }),
    }),
    { key: 'type', header: say('invoice.type'), cell: ({ type }) => say(`lineTypes.${type}`) },
    {
      key: 'count',
      header: say('invoice.count'),
      isNumber: true,
      sortBy: ({ count }) => count,
      cell: ({ count }) => format.count(count),
    },
    amounts({ key: 'gross', header: say('invoice.gross'), of: ({ gross }) => gross }, format),
    { key: 'rate', header: say('invoice.rate'), isNumber: true, cell: ({ rateBps }) => format.rate(rateBps) },
    amounts({ key: 'cost', header: say('invoice.cost'), of: ({ cost }) => cost }, format),
  ];
}
