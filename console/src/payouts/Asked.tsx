import { actorWords } from '../actors.ts';
import { useConsole } from '../context.ts';
import { Status } from '../ui/Status.tsx';

type Waiting = {
  status: 'waiting';
  askedBy: string;
  askedAt: string;
  expiresAt: string;
  startedOver: 'changed' | 'expired' | 'asker-left' | null;
};

/** Where it takes two people: that the first has asked, or would; nothing for any other answer. `isDone`: it was asked just now. */
export function Asked({ answer, isDone = false }: { answer: object | undefined; isDone?: boolean }) {
  const { say, format } = useConsole();
  if (!isWaiting(answer)) return null;
  const { askedBy, askedAt, expiresAt, startedOver } = answer;
  return (
    <div class="asked" role="status">
      <p>
        <Status tone="waiting">{say(isDone ? 'asked.done' : 'asked.would')}</Status>
      </p>
      <p>
        {say('asked.who', {
          who: actorWords(askedBy, say),
          at: format.instant(askedAt),
          until: format.instant(expiresAt),
        })}
      </p>
      {startedOver !== null && (
        <p>{say('asked.startedOver', { why: startedOver === 'asker-left' ? 'other' : startedOver })}</p>
      )}
    </div>
  );
}

function isWaiting(answer: object | undefined): answer is Waiting {
  return answer !== undefined && 'status' in answer && answer.status === 'waiting';
}
