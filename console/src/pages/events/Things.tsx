import { type Thing, To } from '../../ui/To.tsx';

type Named = { kind: string; id: string; name?: string | undefined };

/** What is lacking: kind and id, and a link where there is a page of it. */
export function Things({ things }: { things: readonly Named[] }) {
  return (
    <ul>
      {things.map((thing) => (
        <li key={`${thing.kind}:${thing.id}`}>
          <OneThing thing={thing} />
        </li>
      ))}
    </ul>
  );
}

export function OneThing({ thing }: { thing: Named }) {
  const { kind, id } = thing;
  const page = PAGES[kind];
  const words = wordsOf(thing);
  if (page === undefined) return <>{words}</>;
  return (
    <To thing={page} id={id}>
      {words}
    </To>
  );
}

/** `model ava`, and what an account is called that is known. */
export function wordsOf({ kind, id, name }: Named): string {
  return name === undefined ? `${kind} ${id}` : `${kind} ${id} (${name})`;
}

/** Kinds of what events wait for that have a page, which says at least that there is none of this id. */
const PAGES: Readonly<Record<string, Thing>> = {
  ...{ account: 'account', model: 'account', marketer: 'account', affiliate: 'account' },
  ...{ invoice: 'invoice', order: 'order' },
};
