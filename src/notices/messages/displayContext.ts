/** How a person reads: times in their zone, money in the platform's currency. */
export type DisplayContext = { timeZone: string; currency: string };
