import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';

/** Whose page an id leads to; the one table of addresses. */
const ADDRESSES = {
  /** A page of the console that is of one person. */
  page: (name: string) => `/${name}`,
  account: (id: string) => `/accounts/${encodeURIComponent(id)}`,
  invoice: (id: string) => `/invoices/${encodeURIComponent(id)}`,
  order: (id: string) => `/orders/${encodeURIComponent(id)}`,
  commission: (id: string) => `/commissions/${encodeURIComponent(id)}`,
  payday: (date: string) => `/payday/${encodeURIComponent(date)}`,
  payout: (id: string) => `/payouts/${encodeURIComponent(id)}`,
  event: (id: string) => `/events/${encodeURIComponent(id)}`,
  webhook: (id: string) => `/webhooks/${encodeURIComponent(id)}`,
  /** What was done to it. */
  audit: (id: string) => `/audit?subject=${encodeURIComponent(id)}`,
  ledger: (account: string) => `/ledger/${encodeURIComponent(account)}`,
};

export type Thing = keyof typeof ADDRESSES;

/** Where the page of something is, within the console. */
export function addressOfThing(thing: Thing, id: string): string {
  return ADDRESSES[thing](id);
}

/** A link to the page of something; its own id is its text, unless there is a name. */
export function To({ thing, id, children = id }: { thing: Thing; id: string; children?: ComponentChildren }) {
  return (
    <Link href={addressOfThing(thing, id)} class={typeof children === 'string' ? breaksOf(children) : undefined}>
      {children}
    </Link>
  );
}

/** A link to the page of somebody, by their name; whoever points at it reads the id. */
export function ToAccount({ id, name }: { id: string; name: string }) {
  return (
    <Link href={addressOfThing('account', id)} title={id} class={breaksOf(name)}>
      {name}
    </Link>
  );
}

/** How a link breaks where there is little room: what is short, and an id of usual length, not at all; a longer word anywhere. */
function breaksOf(text: string): 'whole' | 'breaks' | undefined {
  if (text.length <= 16 || (text.length <= 24 && !text.includes(' '))) return 'whole';
  return text.split(/[\s-]+/).some((word) => word.length > 24) ? 'breaks' : undefined;
}

/** A link to a payout, and who is paid by it. */
export function ToPayout({ payoutId, name }: { payoutId: string; name?: string | undefined }) {
  return (
    <>
      <To thing="payout" id={payoutId} /> {name !== undefined && <span class="hint">{name}</span>}
    </>
  );
}

/** A link to a ledger account, and whose it is. */
export function ToLedger({ account, name }: { account: string; name?: string | undefined }) {
  return (
    <>
      <To thing="ledger" id={account} /> {name !== undefined && <span class="hint">{name}</span>}
    </>
  );
}
