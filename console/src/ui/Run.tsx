import type { ComponentChildren } from 'preact';

import type { Commands } from '../commands.ts';

type Props = {
  line: string;
  command: Commands;
  weight?: 'main' | 'danger' | 'quiet';
  /** Says which of several, where the words do not. */
  label?: string | undefined;
  children: ComponentChildren;
};

/** A button that is a command of the chat. It is never disabled: the dialog of the answer gives it the focus back. */
export function Run({ line, command, weight, label, children }: Props) {
  return (
    <button
      type="button"
      class={weight}
      aria-label={label}
      aria-disabled={command.running !== undefined}
      onClick={() => {
        if (command.running === undefined) void command.run(line);
      }}
    >
      {children}
    </button>
  );
}
