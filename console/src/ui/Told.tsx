import type { Commands } from '../commands.ts';
import type { Message } from '../message.ts';
import { useTold } from '../queries.ts';
import { MessageCard } from './MessageCard.tsx';
import { Failed, Loading } from './Wait.tsx';

type Props = {
  /** A command that only looks. */
  line: string;
  /** What runs the buttons of its answer. */
  command: Commands;
  /** Parts of the answer that the page shows in its own way. */
  without?: readonly (keyof Message)[];
};

/** What the chat says to a command, in its words and in the person's language, as a part of a page. */
export function Told({ line, command, without = [] }: Props) {
  const { data, error, refetch } = useTold(line);
  if (error !== null) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  const left = Object.fromEntries(
    Object.entries(data).filter(([name]) => !without.includes(name as keyof Message)),
  ) as Partial<Message>;
  return (
    <MessageCard
      message={{ paragraphs: [], buttons: [], ...left }}
      onCommand={(pressed) => void command.run(pressed)}
      isRunning={command.running !== undefined}
    />
  );
}
