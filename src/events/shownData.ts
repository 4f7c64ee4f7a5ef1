import { maskedEmail, maskedNumber, maskedText } from '../kernel/accountNumbers.ts';
import { saysHowToPay } from './subjects.ts';

/** What may be shown of an event's data, by people and by programs: of one that says how somebody is paid, masked. */
export function shownData(event: { type: string; locked?: boolean | undefined }, data: unknown): unknown {
  return event.locked === true || saysHowToPay(event.type) ? maskedData(data) : data;
}

const SHOWN = new Set(['accountId', 'method', 'currency', 'country', 'source', 'event', 'kind']);
const MASKS: Record<string, (text: string) => string> = {
  iban: maskedNumber,
  address: maskedNumber,
  email: maskedEmail,
  recipientId: maskedText,
  details: maskedText,
};

/** Of a field that is not known nobody can tell what it says, so nothing of it is shown. */
function maskedData(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return '…';
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (SHOWN.has(name)) return [name, value];
      const mask = Object.hasOwn(MASKS, name) ? MASKS[name] : undefined;
      return [name, mask !== undefined && typeof value === 'string' ? mask(value.replace(/\s/g, '')) : '…'];
    }),
  );
}
