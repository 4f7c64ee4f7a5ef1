import { useState } from 'preact/hooks';

import { useConsole } from '../../context.ts';
import { Adjust } from '../../payouts/Adjust.tsx';
import { HoldDialog, ReleaseDialog } from '../../payouts/holds.tsx';
import { allows, type Role } from '../../session.ts';

type Props = { id: string; role: Exclude<Role, 'manager'> };
type Name = 'hold' | 'release' | 'adjust';

/** What can be done about somebody's money: their balance, and what is paid out to them. */
export function MoneyActs({ id, role }: Props) {
  const { session, say } = useConsole();
  const [opened, setOpened] = useState<Name>();
  const close = () => setOpened(undefined);
  const held = { of: 'account' as const, items: [{ id }], onClose: close };
  if (!allows(session, 'payouts.prepare')) return null;
  // Models are paid nothing out.
  const names: Name[] = role === 'model' ? ['adjust'] : ['hold', 'release', 'adjust'];
  return (
    <>
      {names.map((name) => (
        <button key={name} type="button" onClick={() => setOpened(name)}>
          {say(`account.${name}`)}
        </button>
      ))}
      {opened === 'hold' && <HoldDialog {...held} />}
      {opened === 'release' && <ReleaseDialog {...held} />}
      {opened === 'adjust' && <Adjust account={`${role}:${id}`} onClose={close} />}
    </>
  );
}
