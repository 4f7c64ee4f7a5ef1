import type { Say } from '../say.ts';

type Props = { say: Say; why: 'link' | 'telegram' | 'session' | 'cookie' };

/** Nobody is there: what happened, and the way back in. */
export function Ended({ say, why }: Props) {
  return (
    <main class="alone">
      <h1>{say('ended.title')}</h1>
      <p>{say(`ended.${why}`)}</p>
      <p>{say('ended.how')}</p>
    </main>
  );
}

/** The service does not answer: nothing is known of who is there. */
export function Unavailable({ say }: { say: Say }) {
  return (
    <main class="alone">
      <h1>{say('ended.unavailable')}</h1>
      <button type="button" class="main" onClick={() => location.reload()}>
        {say('ended.again')}
      </button>
    </main>
  );
}
