import { type MinorUnits, sum } from '../../kernel/money.ts';
import type { Sales } from '../../sales/sales.ts';
import { versionAt, versionsByProgram } from '../program.ts';
import { decideCommissions, type PartDecision } from './payout.ts';

/** What an affiliate has in a cycle, of which programs. */
export type Due = { sum: MinorUnits; programIds: string[] };

/** The smallest payout of each of these programs, by the version in force on the payday (rules 6.2). */
export async function minimumsOf(
  sales: Pick<Sales, 'programVersions'>,
  programIds: Iterable<string>,
  payday: Date,
): Promise<Map<string, MinorUnits>> {
  const ids = [...new Set(programIds)];
  if (ids.length === 0) return new Map();
  const versions = versionsByProgram(await sales.programVersions(ids));
  return new Map([...versions].map(([programId, all]) => [programId, versionAt(all, payday)?.minimumPayout ?? 0]));
}

/** The largest of an affiliate's programs' minimums. */
export function minimumOf(programIds: string[], minimums: Map<string, MinorUnits>): MinorUnits {
  return Math.max(0, ...programIds.map((programId) => minimums.get(programId) ?? 0));
}

/** What becomes of what an affiliate has in a cycle: the one decision of the run and of its preview. */
export function decideDue({ sum: due, programIds }: Due, minimums: Map<string, MinorUnits>): PartDecision {
  return decideCommissions({ sum: due, minimum: minimumOf(programIds, minimums) });
}

/** What several cycles leave for one. */
export function together(dues: Due[]): Due {
  return { sum: sum(dues.map((due) => due.sum)), programIds: [...new Set(dues.flatMap((due) => due.programIds))] };
}
