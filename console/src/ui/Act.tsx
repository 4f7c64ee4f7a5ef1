import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { useConsole } from '../context.ts';
import { useReadAgain } from '../queries.ts';
import { whyOf } from '../why.ts';
import { Dialog } from './Dialog.tsx';
import { valuesOf } from './Field.tsx';
import { countsOf, type Outcome, type Outcomes, runAll } from './run.ts';
import { Status, type Tone } from './Status.tsx';

export type ActProps<Item, Answer = unknown> = {
  title: string;
  /** What will be done, and what it means for the people. */
  what: ComponentChildren;
  /** What it is done to. For a single thing, a list of one. */
  items: readonly Item[];
  idOf(item: Item): string;
  nameOf(item: Item): ComponentChildren;
  /** Beside each name, as its amount. */
  detailOf?(item: Item): ComponentChildren;
  /** What they come to together. */
  sum?: string | undefined;
  /** Of the button that does it, with what it does: `Write off $120.00`. */
  doIt: string;
  /** For what cannot be taken back. */
  isDangerous?: boolean;
  /** Fields that have to be filled in (`Field`); `perform` gets what they say. */
  children?: ComponentChildren;
  /** While it is not known yet what it would do, or known that it would be refused. */
  isOff?: boolean;
  /** What there is to say once it is done, besides that it is. */
  afterwards?: ComponentChildren;
  perform(item: Item, values: Readonly<Record<string, string>>, idempotencyKey: string): Promise<Answer>;
  /** What became of one, where that is not simply done. */
  becameOf?(answer: Answer): Became;
  onClose: OnClose;
};

/** Whether it was begun to be done, by which what was chosen for it is chosen no more. */
export type OnClose = (hasRun?: boolean) => void;

/** How something ended, where that is more than done. */
export type Became = { tone: Tone; words: string };

/**
 * Asks before something is done, listing to what and what that comes to; then does it one by one and says of each what became of it.
 * Nothing shows as done before the service has said so. Trying again sends the same keys, so nothing is done twice.
 */
export function Act<Item, Answer>({ title, what, items, doIt, children, sum, ...props }: ActProps<Item, Answer>) {
  const { idOf, nameOf, detailOf, perform, becameOf, onClose, isDangerous = false, isOff = false, afterwards } = props;
  const { say } = useConsole();
  const readAgain = useReadAgain();
  const [outcomes, setOutcomes] = useState<Outcomes>(new Map());
  const [isRunning, setRunning] = useState(false);
  // What was asked about stays, though the page behind it reads anew while it is done.
  const asked = useRef(items).current;
  const keys = useRef(new Map<string, string>()).current;
  const became = useRef(new Map<string, Became>()).current;
  const values = useRef<Record<string, string>>({});
  const isStopped = useRef(false);
  const hasRun = outcomes.size > 0;
  const close = () => onClose(hasRun);
  const counts = countsOf(outcomes);
  const isLeft = asked.length > counts.done + counts.refused;

  async function run(): Promise<void> {
    setRunning(true);
    isStopped.current = false;
    await runAll(outcomes, {
      items: asked,
      idOf,
      keyOf: (id) => keyFor(keys, id),
      perform: async (item, key) => {
        const answer = await perform(item, values.current, key);
        if (becameOf !== undefined) became.set(idOf(item), becameOf(answer));
      },
      onChange: setOutcomes,
      isStopped: () => isStopped.current,
    });
    setRunning(false);
    await readAgain();
  }

  return (
    <Dialog title={title} onClose={close} mayClose={!isRunning}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          values.current = valuesOf(event.currentTarget);
          void run();
        }}
      >
        <p>{what}</p>
        <ul class="acted" tabIndex={asked.length > 6 ? 0 : undefined} aria-label={title}>
          {asked.map((item) => (
            <li key={idOf(item)}>
              <span class="name">{nameOf(item)}</span>
              {detailOf !== undefined && <span class="number">{detailOf(item)}</span>}
              {hasRun && (
                <OutcomeLine
                  outcome={outcomes.get(idOf(item)) ?? { state: 'waiting' }}
                  became={became.get(idOf(item))}
                />
              )}
            </li>
          ))}
          {sum !== undefined && asked.length > 1 && (
            <li class="sum">
              <span>{say('act.sum')}</span>
              <span class="number">{sum}</span>
            </li>
          )}
        </ul>
        {/* What was typed stays: it is sent again where there was no answer, and shown where the session was over. */}
        {children !== undefined && (
          <div class="fields" hidden={hasRun}>
            {children}
          </div>
        )}
        {hasRun && (
          <p role="status">
            {isRunning
              ? say('act.running', { done: outcomes.size - 1, all: asked.length })
              : say('act.summary', counts)}
          </p>
        )}
        {hasRun && !isRunning && afterwards}
        <div class="actions end">
          {!hasRun && (
            <>
              <button type="button" onClick={close}>
                {say('act.cancel')}
              </button>
              <button type="submit" class={isDangerous ? 'danger' : 'main'} disabled={isOff}>
                {doIt}
              </button>
            </>
          )}
          {isRunning && asked.length > 1 && (
            <button
              type="button"
              onClick={() => {
                isStopped.current = true;
              }}
            >
              {say('act.stop')}
            </button>
          )}
          {hasRun && !isRunning && (
            <>
              {isLeft && !isStopped.current && (
                <button type="button" onClick={run}>
                  {say('act.again')}
                </button>
              )}
              <button type="button" class="main" onClick={close}>
                {say('act.close')}
              </button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

const TONES: Record<Outcome['state'], Tone> = {
  waiting: 'plain',
  running: 'waiting',
  done: 'good',
  refused: 'bad',
  unanswered: 'bad',
};

function OutcomeLine({ outcome, became }: { outcome: Outcome; became: Became | undefined }) {
  const tools = useConsole();
  const { say } = tools;
  if (outcome.state === 'done' && became !== undefined) {
    return (
      <span class="outcome">
        <Status tone={became.tone}>{became.words}</Status>
      </span>
    );
  }
  return (
    <span class="outcome">
      <Status tone={TONES[outcome.state]}>
        {outcome.state === 'refused' || outcome.state === 'unanswered'
          ? say(`act.${outcome.state}`, { why: whyOf(outcome.error, tools) })
          : say(outcome.state === 'done' ? 'act.done' : outcome.state === 'running' ? 'table.reading' : 'act.waiting')}
      </Status>
    </span>
  );
}

function keyFor(keys: Map<string, string>, id: string): string {
  const known = keys.get(id) ?? crypto.randomUUID();
  keys.set(id, known);
  return known;
}
