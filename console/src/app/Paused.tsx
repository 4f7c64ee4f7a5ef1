import { useEffect, useRef, useState } from 'preact/hooks';

import type { Say } from '../say.ts';
import { onSignIn } from '../signIns.ts';
import { TypedList } from './Ended.tsx';
import type { Typed } from './typed.ts';

type Props = {
  say: Say;
  typed: readonly Typed[];
  isInTelegram: boolean;
  /** Goes on where somebody is in again; whether somebody is. */
  goOn(): Promise<boolean>;
};

/**
 * Over the page of a session that is over: nothing that was read is seen, or reached by keys, until the same person is in again. What
 * they had typed can be read. A link that is opened in another tab wakes it by itself.
 */
export function Paused({ say, typed, isInTelegram, goOn }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isStill, setStill] = useState(false);
  const tryAgain = async () => setStill(!(await goOn()));
  useEffect(() => {
    const [before, { title }] = [document.activeElement, document];
    // The name of the window may be a person's.
    document.title = `${say('ended.title')} · settlebot`;
    // Above every dialog of the page, which the browser takes out of reach by that.
    dialog.current?.showModal();
    const ignore = onSignIn(() => void goOn());
    return () => {
      ignore();
      document.title = title;
      // Once it is shown again.
      requestAnimationFrame(() => before instanceof HTMLElement && before.isConnected && before.focus());
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="paused"
      aria-labelledby="paused"
      onCancel={(event) => event.preventDefault()}
      // A browser closes it all the same where Escape is pressed twice.
      onClose={() => dialog.current?.showModal()}
    >
      <main class="alone">
        <h1 id="paused">{say('ended.title')}</h1>
        <p>{say('ended.session')}</p>
        <p>{isInTelegram ? say('ended.reopen') : `${say('ended.how')} ${say('ended.goesOn')}`}</p>
        <button type="button" class="main" onClick={tryAgain}>
          {say('ended.again')}
        </button>
        <p role="status">{isStill && say(isInTelegram ? 'ended.telegram' : 'ended.still')}</p>
        <TypedList say={say} typed={typed} />
      </main>
    </dialog>
  );
}
