/** One event of a stream. `data` is empty where only the id was told. */
export type StreamEvent = { id?: string; data: string };

/** Takes a stream of server-sent events in whatever pieces it comes; answers the events that a piece completes. */
export function createEventStream() {
  let rest = '';

  function take(piece: string): StreamEvent[] {
    const blocks = `${rest}${piece}`.split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(eventIn);
  }

  return { take };
}

function eventIn(block: string): StreamEvent {
  const valuesOf = (name: string) =>
    block.split('\n').flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []));
  const id = valuesOf('id').at(-1);
  return { data: valuesOf('data').join('\n'), ...(id === undefined ? {} : { id }) };
}
