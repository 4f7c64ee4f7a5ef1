/** Places that take no messages now, for who looks after them; this process's own, because the next look finds them again. */
export type ChannelTroubles = ReturnType<typeof createChannelTroubles>;

type Place = 'managers';

export function createChannelTroubles() {
  const reasons = new Map<Place, string>();
  return {
    note: (place: Place, reason: string) => void reasons.set(place, reason),
    clear: (place: Place) => void reasons.delete(place),
    /** Why a place takes no messages; undefined while it does. */
    reasonOf: (place: Place) => reasons.get(place),
  };
}
