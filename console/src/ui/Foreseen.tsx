import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import { whyOf } from '../why.ts';
import { Status } from './Status.tsx';
import { ToLedger } from './To.tsx';

/** Stands for the words that are not typed yet when an act is simulated: nothing of it is written. */
export const NOT_TYPED_YET = '…';

/** What an act would do, asked by `simulate=true` before it is done. */
export type Foreseen<T> = { isAsking: boolean; answer?: T; error?: unknown };

/** Asks once, when the dialog opens: what it says must not change between reading and pressing. */
export function useForeseen<T>(ask: () => Promise<T>): Foreseen<T> {
  const [foreseen, setForeseen] = useState<Foreseen<T>>({ isAsking: true });
  useEffect(() => {
    let isGone = false;
    ask().then(
      (answer) => !isGone && setForeseen({ isAsking: false, answer }),
      (error: unknown) => !isGone && setForeseen({ isAsking: false, error }),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return foreseen;
}

type Props<T> = { foreseen: Foreseen<T>; children?(answer: T): ComponentChildren };

/** What an act would do, or why it would be refused. */
export function WhatWouldBe<T>({ foreseen, children }: Props<T>) {
  const tools = useConsole();
  const { isAsking, answer, error } = foreseen;
  if (isAsking) return <p role="status">{tools.say('foreseen.asking')}</p>;
  if (answer !== undefined) return <>{children?.(answer)}</>;
  return (
    <p role="alert">
      <Status tone="bad">{tools.say('act.refused', { why: whyOf(error, tools) })}</Status>
    </p>
  );
}

export type Posting = { entryId?: string; account: string; name?: string | undefined; amount: number };

/** What the ledger would get. */
export function Postings({ postings = [] }: { postings?: readonly Posting[] | undefined }) {
  const { say, format } = useConsole();
  if (postings.length === 0) return <p class="hint">{say('foreseen.noPostings')}</p>;
  return (
    <table class="plain">
      <caption>{say('foreseen.postings')}</caption>
      <tbody>
        {postings.map(({ entryId, account, name, amount }) => (
          <tr key={`${entryId} ${account} ${amount}`}>
            <th scope="row">
              <ToLedger account={account} name={name} />
            </th>
            <td class="number">{format.money(amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
