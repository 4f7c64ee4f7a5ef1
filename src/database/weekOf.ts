/** The week of a date in a zone as an expression of an aggregation, `2026-W47`, as `WeekId` is written. `date` is a field, `$paidAt`. */
export function weekOf(date: `$${string}`, timeZone: string) {
  return { $dateToString: { date, format: '%G-W%V', timezone: timeZone } };
}
