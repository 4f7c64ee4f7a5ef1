/** How a person reads: times in their zone, money in the platform's currency. */
export type Reader = { timeZone: string; currency: string };
