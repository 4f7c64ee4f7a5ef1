import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

type Props = {
  title: string;
  /** When it is closed, by Escape as well. */
  onClose(): void;
  /** While something runs that should be seen to its end. */
  mayClose?: boolean;
  children: ComponentChildren;
};

/** A dialog over the page. The browser keeps the focus in it, and gives it back to where it came from. */
export function Dialog({ title, onClose, mayClose = true, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // Nothing below takes the focus while it is open.
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (mayClose) onClose();
      }}
      // A browser closes it all the same where Escape is pressed twice.
      onClose={() => dialog.current?.showModal()}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
