import '../styles/details.css';

import { Link } from 'wouter-preact';

import { changed, useAddress } from '../address.ts';

type Props<T extends string> = {
  label: string;
  /** In the address. */
  name: string;
  value: T;
  /** The first is what the address says by saying nothing. */
  choices: readonly { value: T; label: string }[];
};

/** Lists of one kind, of which one is shown: links, so that each has an address that can be sent to somebody. */
export function Tabs<T extends string>({ label, name, value, choices }: Props<T>) {
  const { params } = useAddress();
  const usual = choices[0]?.value;
  return (
    <nav class="tabs" aria-label={label}>
      {choices.map((choice) => (
        <Link
          key={choice.value}
          href={`~${location.pathname}?${changed(params, { [name]: choice.value === usual ? null : choice.value })}`}
          aria-current={choice.value === value ? 'page' : undefined}
        >
          {choice.label}
        </Link>
      ))}
    </nav>
  );
}
