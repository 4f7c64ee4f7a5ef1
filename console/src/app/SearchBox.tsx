import { useEffect, useId, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';

import { useConsole } from '../context.ts';
import { useAnswer } from '../queries.ts';
import { addressOfThing } from '../ui/To.tsx';

/** Finds accounts by the beginnings of their names or by id, and goes to the page of the one that is chosen, by keys or pointer. */
export function SearchBox() {
  const { say } = useConsole();
  const [path, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const wanted = useSettled(typed.trim());
  const { data, error } = useAnswer('GET /v1/accounts', { query: { q: wanted, limit: 8 } }, { enabled: wanted !== '' });
  const id = useId();
  const items = wanted === '' ? [] : (data?.items ?? []);
  const chosen = items[at];
  const isShown = isOpen && wanted !== '' && (data !== undefined || error !== null);
  useEffect(() => setOpen(false), [path]);

  function go(accountId: string): void {
    setTyped('');
    setOpen(false);
    navigate(addressOfThing('account', accountId));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') setOpen(false);
    if (step === undefined || items.length === 0) return;
    event.preventDefault();
    setAt((at + step + items.length) % items.length);
  }

  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== undefined) go(chosen.accountId);
        }}
      >
        <label for={id} class="unseen">
          {say('search.label')}
        </label>
        <input
          id={id}
          type="search"
          role="combobox"
          value={typed}
          placeholder={say('search.placeholder')}
          autocomplete="off"
          spellcheck={false}
          aria-autocomplete="list"
          aria-expanded={isShown && items.length > 0}
          aria-controls={`${id}-found`}
          aria-activedescendant={isShown && chosen !== undefined ? `${id}-${at}` : undefined}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
            setOpen(true);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
        />
      </form>
      <div class={isShown ? 'found' : 'found unseen'}>
        <div id={`${id}-found`} role="listbox" aria-label={say('search.label')}>
          {isShown &&
            items.map(({ accountId, name }, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus, and its keys choose among these
              // biome-ignore lint/a11y/useFocusableInteractive: likewise
              <div
                key={accountId}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === at}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => go(accountId)}
              >
                <span>{name}</span>
                <span class="hint">{accountId}</span>
              </div>
            ))}
        </div>
        {isShown && items.length === 0 && <p role="status">{say(error === null ? 'search.none' : 'search.failed')}</p>}
      </div>
    </search>
  );
}

/** A value once it has stood for a moment, so that not every key asks. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 150);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
