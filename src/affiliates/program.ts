import { type MinorUnits, shareOf } from '../kernel/money.ts';
import { DEFAULT_PROGRAM, type ProgramVersion } from '../sales/histories.ts';

/** The program that exists without being told (contract 2): 30 % of the first charge. Told ones come after it. */
const BUILT_IN: ProgramVersion = {
  programId: DEFAULT_PROGRAM,
  eventId: '',
  timestamp: new Date(0),
  arrivedAt: new Date(0),
  rateBps: 3_000,
  charges: 'first',
  clawback: false,
  minimumPayout: 0,
};

/** The versions of each program, the earliest first; `default` always has one. */
export function versionsByProgram(told: ProgramVersion[]): Map<string, ProgramVersion[]> {
  const byProgram = new Map<string, ProgramVersion[]>([[DEFAULT_PROGRAM, [BUILT_IN]]]);
  for (const version of told) {
    const versions = byProgram.get(version.programId) ?? [];
    byProgram.set(version.programId, versions);
    versions.push(version);
  }
  for (const versions of byProgram.values()) versions.sort(compareVersions);
  return byProgram;
}

/**
 * The version in force at an instant, as with campaigns (rules 1.3): the latest with `timestamp` at or before it, else
 * the earliest. Undefined when there is none at all.
 */
export function versionAt(versions: ProgramVersion[], at: Date): ProgramVersion | undefined {
  return versions.findLast(({ timestamp }) => timestamp <= at) ?? versions[0];
}

/**
 * What a version pays for a charge of which `refunded` was given back: its rate of what is left, rounded once, or its
 * fixed amount, which a partial refund leaves as it is (rules 5.3).
 */
export function commissionAmount(version: ProgramVersion, charged: MinorUnits, refunded: MinorUnits): MinorUnits {
  return version.fixedAmount ?? shareOf(charged - refunded, version.rateBps ?? 0);
}

function compareVersions(a: ProgramVersion, b: ProgramVersion): number {
  return a.timestamp.getTime() - b.timestamp.getTime() || (a.eventId < b.eventId ? -1 : 1);
}
