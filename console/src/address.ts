import { useSearchParams } from 'wouter-preact';

/** What is filtered, sorted and opened, as it stands in the address; an empty value takes it out. */
export type Changes = Readonly<Record<string, string | number | null | undefined>>;

/** The address of the page with changes. Looking on is no step back in the history; `push` makes it one. */
export function useAddress() {
  const [params, setParams] = useSearchParams();
  return {
    params,
    change: (changes: Changes, { push = false } = {}) =>
      setParams((before) => changed(before, changes), { replace: !push }),
  };
}

/** The parameters with changes, in the order of their names, so that one view has one address. */
export function changed(before: URLSearchParams, changes: Changes): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') after.delete(name);
    else after.set(name, String(value));
  }
  after.sort();
  return after;
}

/** A whole number of the address; undefined for anything else that somebody put there. */
export function wholeNumberIn(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name) ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** One of several values; the first where it is none of them. */
export function oneOf<const T extends string>(params: URLSearchParams, name: string, values: readonly [T, ...T[]]): T {
  const text = params.get(name);
  return values.find((value) => value === text) ?? values[0];
}
