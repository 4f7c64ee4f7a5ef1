import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import type { PlainKey } from '../say.ts';
import { allows, type Scope } from '../session.ts';
import { Act } from './Act.tsx';

/** Something that can be done with one thing. */
export type OneAct = {
  /** Of its button, of the dialog, and of the button there. */
  label: PlainKey;
  /** What it means. */
  what: PlainKey;
  scope: Scope;
  isDangerous?: boolean;
  fields?: ComponentChildren;
  perform(values: Readonly<Record<string, string>>, idempotencyKey: string): Promise<unknown>;
};

/** The buttons of what the session may do with one thing, each with its dialog. */
export function OneActs({ name, acts }: { name: string; acts: readonly OneAct[] }) {
  const { session, say } = useConsole();
  const [opened, setOpened] = useState<OneAct>();
  return (
    <>
      {acts
        .filter(({ scope }) => allows(session, scope))
        .map((act) => (
          <button
            key={act.label}
            type="button"
            class={act.isDangerous ? 'danger' : undefined}
            onClick={() => setOpened(act)}
          >
            {say(act.label)}
          </button>
        ))}
      {opened !== undefined && (
        <Act
          title={say(opened.label)}
          what={say(opened.what)}
          items={[name]}
          idOf={(id) => id}
          nameOf={(id) => id}
          doIt={say(opened.label)}
          isDangerous={opened.isDangerous ?? false}
          perform={(_, values, key) => opened.perform(values, key)}
          onClose={() => setOpened(undefined)}
        >
          {opened.fields}
        </Act>
      )}
    </>
  );
}
