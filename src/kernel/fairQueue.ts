type Waiting<T> = { item: T; weight: number };

type Lane<T> = {
  waiting: Waiting<T>[];
  weight: number;
  /** How far it was served, on a clock that runs by weight and is common to all lanes. */
  servedUntil: number;
};

export type FairQueue<T> = ReturnType<typeof createFairQueue<T>>;

/**
 * A queue with a lane for each source, served in turns by weight (start-time fair queuing): who sends much waits for
 * itself, and who sends little never waits for more than what is in hand. Within a lane the first comes first.
 */
export function createFairQueue<T>() {
  const lanes = new Map<string, Lane<T>>();
  let clock = 0;
  let size = 0;
  let weight = 0;

  function push(name: string, item: T, itemWeight: number): void {
    const lane = lanes.get(name) ?? { waiting: [], weight: 0, servedUntil: clock };
    lanes.set(name, lane);
    lane.waiting.push({ item, weight: itemWeight });
    lane.weight += itemWeight;
    size += 1;
    weight += itemWeight;
  }

  /** What is next by the turns; undefined when nothing waits. */
  function take(): T | undefined {
    const lane = nextLane();
    const first = lane?.waiting.shift();
    if (lane === undefined || first === undefined) return undefined;
    clock = Math.max(clock, lane.servedUntil);
    lane.servedUntil = clock + first.weight;
    forget(lane, first.weight);
    return first.item;
  }

  function nextLane(): Lane<T> | undefined {
    let next: Lane<T> | undefined;
    for (const [name, lane] of lanes) {
      // An empty lane is remembered for as long as it was served more than its share.
      if (lane.waiting.length === 0 && lane.servedUntil <= clock) lanes.delete(name);
      else if (lane.waiting.length > 0 && (next === undefined || lane.servedUntil < next.servedUntil)) next = lane;
    }
    return next;
  }

  /** Takes away the newest of the lane in which most waits, if that is more than `than`. */
  function dropFromHeaviest(than: number): T | undefined {
    let heaviest: Lane<T> | undefined;
    for (const lane of lanes.values()) if (lane.weight > (heaviest?.weight ?? than)) heaviest = lane;
    const last = heaviest?.waiting.pop();
    if (heaviest === undefined || last === undefined) return undefined;
    forget(heaviest, last.weight);
    return last.item;
  }

  function forget(lane: Lane<T>, itemWeight: number): void {
    lane.weight -= itemWeight;
    weight -= itemWeight;
    size -= 1;
    if (size === 0) lanes.clear();
  }

  return {
    push,
    take,
    dropFromHeaviest,
    size: (): number => size,
    /** Of all that waits. */
    weight: (): number => weight,
    weightOf: (name: string): number => lanes.get(name)?.weight ?? 0,
  };
}
