import { useRef, useState } from 'preact/hooks';

import { useConsole } from './context.ts';
import type { Message } from './message.ts';
import { useReadAgain } from './queries.ts';

export type Commands = ReturnType<typeof useCommand>;

/**
 * Runs lines of the chat's commands, one at a time, each as the press of a button: `answer` is what the last one came to, `error` why it did not. What is on the
 * screen is read again after each. The same line tried again after no answer sends the same key, so it is not run twice.
 */
export function useCommand() {
  const { api } = useConsole();
  const readAgain = useReadAgain();
  const [answer, setAnswer] = useState<Message>();
  const [error, setError] = useState<unknown>();
  const [running, setRunning] = useState<string>();
  const unanswered = useRef<{ line: string; key: string }>();

  /** Answers whether there was an answer. */
  async function run(line: string): Promise<boolean> {
    const key = unanswered.current?.line === line ? unanswered.current.key : crypto.randomUUID();
    unanswered.current = { line, key };
    setRunning(line);
    setError(undefined);
    let isAnswered = false;
    try {
      setAnswer(await api.command(line, key));
      unanswered.current = undefined;
      isAnswered = true;
    } catch (failure) {
      setError(failure);
    } finally {
      setRunning(undefined);
    }
    await readAgain();
    return isAnswered;
  }

  function forget(): void {
    setAnswer(undefined);
    setError(undefined);
  }

  return { run, answer, error, running, forget };
}
