import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { Statement, StatementLine } from '../affiliates/payouts/statements.ts';
import { formatDay, formatInstant } from '../kernel/calendar.ts';
import { formatMoney, type MinorUnits, sum } from '../kernel/money.ts';
import { countOf } from '../notices/messages/message.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { createPaper, type Paper, type Table } from './paper.ts';
import { accountName, saidByOthers } from './words.ts';

/** More lines would make a file that nobody reads; the sums are of all of them. */
const LINES = 2_000;

/**
 * The statement of a payout as a PDF (rules 6): what it is made of, and by which rule. Times are the platform's, so
 * that everybody gets the same file.
 */
export function statementPdf(statement: Statement, name: string, platform: DisplayContext): Promise<Uint8Array> {
  const { payout } = statement;
  const money = (amount: MinorUnits) => formatMoney(amount, platform.currency);
  const title = `Payout ${payout.payoutId}`;
  const paper = createPaper({ title, subject: `Statement for ${payout.accountId}`, date: payout.drawnAt });
  paper.title(title, `Statement: ${money(payout.amount)}, ${stateWords(payout)}`);
  paper.facts([
    ['Paid to', accountName(name, payout.accountId)],
    ['Payday', formatDay(payout.drawnAt, platform.timeZone)],
    ['Amount', money(payout.amount)],
    ['State', stateOf(payout, platform.timeZone)],
    ...(payout.reference === null ? [] : [['Reference', saidByOthers(payout.reference)] as [string, string]]),
  ]);
  if (payout.parts.earnings > 0) ofEarnings(paper, statement, money, platform);
  if (payout.count > 0) ofCommissions(paper, statement, money, platform);
  paper.section(`Total: ${money(payout.amount)}`);
  paper.facts(totalsOf(statement, money));
  paper.small(`All amounts in ${platform.currency}, all times in ${platform.timeZone}.`);
  return paper.end();
}

type Money = (amount: MinorUnits) => string;

function ofEarnings(paper: Paper, { payout }: Statement, money: Money, { timeZone }: DisplayContext): void {
  const drawnAt = formatInstant(payout.drawnAt, timeZone);
  const earnings = money(payout.parts.earnings);
  paper.section(`Earned with orders and campaigns: ${earnings}`);
  paper.paragraph(
    `On a payday all that was earned so is paid out, as it stood at ${drawnAt}; what is earned from then on goes to the next payday. It is not made of single commissions.`,
  );
  paper.table({
    columns: [
      { header: 'What', width: 70 },
      { header: 'Amount', width: 30, align: 'right' },
    ],
    rows: [[`Balance at ${drawnAt}`, earnings]],
    sums: [['Together', earnings]],
  });
}

function ofCommissions(paper: Paper, statement: Statement, money: Money, { timeZone }: DisplayContext): void {
  paper.paragraph(cutoffRule(statement, timeZone));
  let room = LINES;
  for (const [heading, group] of groupsOf(statement)) {
    paper.section(`${heading}: ${group.length}`);
    const shown = group.slice(0, room);
    room -= shown.length;
    paper.table({ ...commissionTable(shown, money, timeZone), sums: [['Together', money(totalOf(group))]] });
    if (shown.length < group.length)
      paper.small(
        `${countOf(group.length - shown.length, 'more line')} are not shown here; the sums are of all of them.`,
      );
  }
}

/** The commissions of a payout by why they are in it; only what there is. */
function groupsOf({ approvals, lines }: Statement): [string, StatementLine[]][] {
  const corrections = lines.filter(({ reverses }) => reverses !== undefined);
  const sales = lines.filter(({ reverses }) => reverses === undefined);
  const groups: [string, StatementLine[]][] = [
    ['Approved in this cycle', sales.filter(({ approvedAt }) => approvedAt >= approvals.start)],
    [
      'Carried over, or told late: approved before this cycle',
      sales.filter((line) => line.approvedAt < approvals.start),
    ],
    ['Corrections of sales that an earlier payout has paid', corrections],
  ];
  return groups.filter(([, group]) => group.length > 0);
}

/** What the total is made of. */
function totalsOf(statement: Statement, money: Money): [string, string][] {
  const { earnings } = statement.payout.parts;
  return [
    ...groupsOf(statement).map(([heading, group]): [string, string] => [heading, money(totalOf(group))]),
    ...(earnings > 0 ? [['Earned with orders and campaigns', money(earnings)] as [string, string]] : []),
  ];
}

function totalOf(lines: StatementLine[]): MinorUnits {
  return sum(lines.map(({ amount }) => amount));
}

function commissionTable(lines: StatementLine[], money: Money, timeZone: string): Table {
  return {
    columns: [
      { header: 'Commission', width: 34 },
      { header: 'Program', width: 15 },
      { header: 'Charged', width: 17 },
      { header: 'Approved', width: 17 },
      { header: 'Amount', width: 17, align: 'right' },
    ],
    rows: lines.map(({ commissionId, programId, paidAt, approvedAt, amount, reverses }) => [
      reverses === undefined ? commissionId : `${commissionId} corrects ${reverses}`,
      programId,
      shortInstant(paidAt, timeZone),
      shortInstant(approvedAt, timeZone),
      money(amount),
    ]),
  };
}

/** The zone stands once at the end of the document. */
function shortInstant(at: Date, timeZone: string): string {
  return formatInstant(at, timeZone).replace(` (${timeZone})`, '').replace(/^\w+ /, '');
}

/** The rule of a payout's cutoff (rules 6.1, 6.2), in words. */
function cutoffRule({ approvals, payout }: Pick<Statement, 'approvals' | 'payout'>, timeZone: string): string {
  const [from, until] = [approvals.start, approvals.end].map((at) => formatInstant(at, timeZone));
  return `The payday ${formatDay(payout.drawnAt, timeZone)} takes what was approved from ${from} until just before ${until}, what earlier paydays have carried over, and every correction that was known. A commission is approved when its hold is over; what is approved later goes to the next payday.`;
}

function stateWords({ status }: PayoutView): string {
  return { due: 'to be paid', processing: 'on its way', paid: 'paid', failed: 'failed' }[status];
}

function stateOf({ status, endedAt, reason }: PayoutView, timeZone: string): string {
  const on = endedAt === null ? '' : ` on ${formatInstant(endedAt, timeZone)}`;
  switch (status) {
    case 'due':
      return 'due: the transfer is being prepared';
    case 'processing':
      return 'on its way';
    case 'paid':
      return `paid${on}`;
    case 'failed':
      return `failed${on}${reason === null ? '' : `: ${saidByOthers(reason)}`}. The amount is back on the balance and goes into a later payout.`;
  }
}
