import type { Config } from '../config.ts';
import { countOf } from '../notices/messages/message.ts';
import { withBusiness } from './business.ts';
import { say } from './output.ts';

/**
 * Encrypts payees with the first key of PAYEE_KEYS, beside a running service or alone (docs/paydays.md). Exit code 0 when no other key is
 * needed any more.
 */
export async function rekeyPayees(config: Config): Promise<number> {
  const outcome = await withBusiness(config, 'writes', ({ core }) => core.payees.rekey());
  if (outcome === 'off') {
    say('payees are off: PAYEE_KEYS is not set, or its first key is not the one that was written with');
    return 1;
  }
  const { payees, secrets, unread, lacking } = outcome;
  say(`${countOf(payees, 'payee')} and ${countOf(secrets, 'secret')} encrypted with the first key`);
  if (unread > 0) say(`${countOf(unread, 'payee')} could not be read: left as stored`);
  if (lacking.length === 0 && unread === 0) say('every other key of PAYEE_KEYS can go');
  else say(`still needed, and not named: the key ${lacking.join(', ')}`);
  return lacking.length === 0 && unread === 0 ? 0 : 1;
}
