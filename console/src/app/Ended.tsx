import type { Say } from '../say.ts';
import type { Typed } from './typed.ts';

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

/** Somebody is there, but may do something else than what the page was made for: it begins anew. */
export function Changed({ say, typed }: { say: Say; typed: readonly Typed[] }) {
  return (
    <main class="alone">
      <h1>{say('ended.changed')}</h1>
      <button type="button" class="main" onClick={() => location.reload()}>
        {say('ended.goOn')}
      </button>
      <TypedList say={say} typed={typed} />
    </main>
  );
}

/** What was typed and sent nowhere: it can be read, and copied. */
export function TypedList({ say, typed }: { say: Say; typed: readonly Typed[] }) {
  if (typed.length === 0) return null;
  return (
    <section>
      <h2>{say('ended.typed')}</h2>
      <dl>
        {typed.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
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

/** Who is there is being asked, and that takes long. */
export function Starting({ say }: { say: Say }) {
  return (
    <main class="alone">
      <h1>settlebot</h1>
      <p class="wait" role="status">
        {say('frame.loading')}
      </p>
    </main>
  );
}

/** The console itself is not there, and its texts may be what is missing: so in English, whoever reads it. */
export function NotLoaded() {
  return (
    <main class="alone" lang="en">
      <h1>The console could not be loaded</h1>
      <button type="button" class="main" onClick={() => location.reload()}>
        Load it again
      </button>
    </main>
  );
}
