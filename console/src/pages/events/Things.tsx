import { type Thing, To } from '../../ui/To.tsx';

type Named = { kind: string; id: string };

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

export function OneThing({ thing: { kind, id } }: { thing: Named }) {
  const page = PAGES[kind];
  const name = `${kind} ${id}`;
  if (page === undefined) return <>{name}</>;
  return (
    <To thing={page} id={id}>
      {name}
    </To>
  );
}

/** Kinds of what events wait for that have a page, which says at least that there is none of this id. */
const PAGES: Readonly<Record<string, Thing>> = {
  ...{ account: 'account', model: 'account', marketer: 'account', affiliate: 'account' },
  ...{ invoice: 'invoice', order: 'order' },
};
