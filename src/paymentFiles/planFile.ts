import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';
import type { LeftOut, Part, Rest } from './fileView.ts';
import { FORMATS } from './formats.ts';
import { type FileFormat, type PaymentLine, takes } from './paymentFile.ts';

/** A line of an approved batch, as it stands now. */
export type BatchLine = { payoutId: string; accountId: string; amount: MinorUnits; status: string };

/** What is needed of the batches of paydays. */
export type PaymentBatches = {
  load(cycle: CycleDate): Promise<{ approved?: unknown; exports: readonly unknown[] } | null>;
  get(cycle: CycleDate): Promise<({ state: string } & Part) | null>;
  /** The approved lines, in pieces. */
  lines(cycle: CycleDate): AsyncIterable<BatchLine[]>;
};

/** A payee with the number of its version. */
export type PayeeVersion = { payee: Payee; version: number };

export type PayeesOf = (accountIds: readonly string[]) => Promise<Map<string, PayeeVersion>>;

/** What a file would have: each line with its payee and that one's version, and what of the batch it would not have. */
export type Plan = {
  lines: PaymentLine[];
  versions: number[];
  leftOut: LeftOut[];
  rest: Rest;
};

export type PlanFile = ReturnType<typeof createPlanFile>;

/** Reads which lines of a batch a format pays now: what is due, not held, and of a payee of its method. */
export function createPlanFile(deps: {
  batches: Pick<PaymentBatches, 'lines'>;
  payeesOf: PayeesOf;
  /** Which of these payouts are held. */
  heldOf: (lines: BatchLine[], now: Date) => Promise<ReadonlyMap<string, unknown>>;
  currency: string;
}) {
  return async function planFile(cycle: CycleDate, format: FileFormat, now: Date): Promise<Plan> {
    const plan: Plan = { lines: [], versions: [], leftOut: [], rest: emptyRest() };
    for await (const piece of deps.batches.lines(cycle)) {
      const due = piece.filter(({ status }) => status === 'due');
      const [held, payees] = await Promise.all([
        deps.heldOf(due, now),
        deps.payeesOf(due.map(({ accountId }) => accountId)),
      ]);
      for (const line of piece) {
        if (line.status !== 'due') addTo(plan.rest.notDue, line);
        else if (held.has(line.payoutId)) addTo(plan.rest.held, line);
        else place(plan, line, payees.get(line.accountId), format);
      }
    }
    return plan;
  };

  function place(plan: Plan, line: BatchLine, known: PayeeVersion | undefined, format: FileFormat): void {
    const { lines, versions, leftOut, rest } = plan;
    if (known === undefined) addTo(rest.withoutPayee, line);
    else if (!takes(format, known.payee)) addTo(ofMethod(rest, known.payee.method), line);
    else {
      const { payoutId, accountId, amount } = line;
      const payment = { payoutId, accountId, amount, payee: known.payee };
      const why = FORMATS[format].unfit(payment, deps.currency);
      if (why === null) {
        lines.push(payment);
        versions.push(known.version);
      } else {
        leftOut.push({ payoutId, accountId, amount, why });
        addTo(rest.leftOut, line);
      }
    }
  }
}

function emptyRest(): Rest {
  const none = () => ({ count: 0, total: 0 });
  return { otherMethods: [], withoutPayee: none(), held: none(), leftOut: none(), notDue: none() };
}

/** Counts a line to a part of a batch. */
export function addTo(part: Part, { amount }: { amount: MinorUnits }): void {
  part.count += 1;
  part.total += amount;
}

function ofMethod({ otherMethods }: Rest, method: Payee['method']): Part {
  const known = otherMethods.find((one) => one.method === method);
  if (known !== undefined) return known;
  const added = { method, count: 0, total: 0 };
  otherMethods.push(added);
  return added;
}
