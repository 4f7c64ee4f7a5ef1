import { actorIn } from '../../../src/kernel/actor.ts';
import { actorWords } from '../actors.ts';
import { useConsole } from '../context.ts';
import { ToAccount } from './To.tsx';

/** Who did something: a person by name, which leads to their page, and by which chat. */
export function Actor({ actor: text, name }: { actor: string; name?: string | undefined }) {
  const { say } = useConsole();
  const actor = actorIn(text);
  if (actor.kind !== 'person') return <>{actorWords(text, say)}</>;
  const { accountId, channel } = actor;
  return (
    <>
      <ToAccount id={accountId} name={name ?? accountId} /> <span class="hint">{say(`channels.${channel}`)}</span>
    </>
  );
}
