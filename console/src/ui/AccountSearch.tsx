import { useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import type { Role } from '../session.ts';
import { whyOf } from '../why.ts';

type Asked = { found: readonly { accountId: string; name: string }[]; choose(accountId: string): void };

/** Looks for whom somebody means, by an id or a name. `Outcome` stands below the form and asks where that is not clear. */
export function useAccountSearch() {
  const { api } = useConsole();
  const [asked, setAsked] = useState<Asked>();
  const [error, setError] = useState<unknown>();

  /**
   * The id that is meant: one that exists, or the only account of a name; null for nothing typed. Undefined where there is none or are
   * several, of which somebody then chooses.
   */
  async function find(
    typed: string,
    choose: Asked['choose'],
    { role }: { role?: Role } = {},
  ): Promise<string | null | undefined> {
    setAsked(undefined);
    setError(undefined);
    if (typed === '') return null;
    try {
      const query = { q: typed, limit: 10, ...(role === undefined ? {} : { role }) };
      const { items } = await api.call('GET /v1/accounts', { query });
      const exact = items.find((item) => item.accountId === typed) ?? (items.length === 1 ? items[0] : undefined);
      if (exact === undefined) setAsked({ found: items, choose });
      return exact?.accountId;
    } catch (failure) {
      setError(failure);
      return undefined;
    }
  }

  return { find, outcome: <Outcome asked={asked} error={error} /> };
}

function Outcome({ asked, error }: { asked: Asked | undefined; error: unknown }) {
  const tools = useConsole();
  const { say } = tools;
  return (
    <>
      {error !== undefined && (
        <p class="wrong" role="alert">
          {whyOf(error, tools)}
        </p>
      )}
      {asked !== undefined && (
        <div class="actions" role="status">
          <span>{say(asked.found.length === 0 ? 'search.none' : 'line.which')}</span>
          {asked.found.map(({ accountId, name }) => (
            <button key={accountId} type="button" onClick={() => asked.choose(accountId)}>
              {name} ({accountId})
            </button>
          ))}
        </div>
      )}
    </>
  );
}
