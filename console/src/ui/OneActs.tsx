import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import type { PlainKey } from '../say.ts';
import { allows, type Scope } from '../session.ts';
import { Act } from './Act.tsx';
import { type Posting, Postings, useForeseen, WhatWouldBe } from './Foreseen.tsx';

/** Something that can be done with one thing. */
export type OneAct = {
  /** Of its button, of the dialog, and of the button there. */
  label: PlainKey;
  /** What it means. */
  what: PlainKey;
  scope: Scope;
  isDangerous?: boolean;
  fields?: ComponentChildren;
  /** Asks by `simulate=true` what it would do, before it can be pressed; an act that cannot be simulated has none. */
  foresee?(): Promise<Would>;
  perform(values: Readonly<Record<string, string>>, idempotencyKey: string): Promise<unknown>;
};

/** What an act would do: in words, where there are any, and what the ledger would get. */
export type Would = { words?: string; postings?: readonly Posting[] | undefined };

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
      {opened !== undefined && <Opened name={name} act={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function Opened({ name, act, onClose }: { name: string; act: OneAct; onClose(): void }) {
  const { say } = useConsole();
  const isForeseen = act.foresee !== undefined;
  const foreseen = useForeseen<Would>(async () => (await act.foresee?.()) ?? {});
  return (
    <Act
      title={say(act.label)}
      what={say(act.what)}
      items={[name]}
      idOf={(id) => id}
      nameOf={(id) => id}
      doIt={say(act.label)}
      isDangerous={act.isDangerous ?? false}
      isOff={isForeseen && foreseen.answer === undefined}
      perform={(_, values, key) => act.perform(values, key)}
      onClose={onClose}
    >
      {isForeseen && (
        <WhatWouldBe foreseen={foreseen}>
          {({ words, postings }) => (
            <>
              {words !== undefined && <p>{words}</p>}
              <Postings postings={postings} />
            </>
          )}
        </WhatWouldBe>
      )}
      {act.fields}
    </Act>
  );
}
