import { useId, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';

import { useConsole } from '../context.ts';
import { addressOfThing } from '../ui/To.tsx';

/** Goes to the page of the account that somebody names by its id. */
export function SearchBox() {
  const { say } = useConsole();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const id = useId();
  return (
    <form
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = typed.trim();
        if (wanted !== '') navigate(addressOfThing('account', wanted));
      }}
    >
      <label for={id} class="unseen">
        {say('search.label')}
      </label>
      <input
        id={id}
        type="search"
        value={typed}
        placeholder={say('search.placeholder')}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </form>
  );
}
