export type LimitedAnswer = { status: number; body: unknown; headers: Record<string, string> };

/** Discord does not count what answers an interaction against the limit of the bot as a whole. */
const OF_INTERACTIONS = /^\/(interactions|webhooks)\//;

/** The limits of Discord's REST interface, strict: any second counts, and silence means silence. */
export function createDiscordLimits(deps: {
  perSecond: number;
  /** One call in so many is told to wait for so long; 0 switches it off. */
  throttle: { every: number; seconds: number };
  /** Milliseconds since the stand-in started. */
  elapsed: () => number;
  onViolation: (what: string) => void;
}) {
  const { perSecond, throttle, elapsed, onViolation } = deps;
  const silentUntil = new Map<string, number>();
  let recent: number[] = [];
  let counted = 0;
  let throttled = 0;

  /** The answer to a call that comes too early, or is told to wait by turn. */
  function refusalOf(method: string, path: string): LimitedAnswer | undefined {
    const now = elapsed();
    const bucket = bucketOf(method, path);
    for (const scope of ['global', bucket]) {
      const until = silentUntil.get(scope) ?? 0;
      if (now < until) {
        onViolation(`inside retry_after of ${scope} at ${Math.round(now)} ms`);
        return tooMany(bucket, (until - now) / 1_000, false);
      }
    }
    if (!OF_INTERACTIONS.test(path)) {
      recent = recent.filter((at) => now - at < 1_000);
      if (recent.length >= perSecond) {
        onViolation(`more than ${perSecond} in a second at ${Math.round(now)} ms`);
        return tooMany(bucket, 1, true);
      }
      recent.push(now);
    }
    counted += 1;
    if (throttle.every === 0 || counted % throttle.every !== 0) return undefined;
    silentUntil.set(bucket, now + throttle.seconds * 1_000);
    return tooMany(bucket, throttle.seconds, false);
  }

  function tooMany(bucket: string, seconds: number, isGlobal: boolean): LimitedAnswer {
    throttled += 1;
    return {
      status: 429,
      body: { message: 'You are being rate limited.', retry_after: seconds, global: isGlobal },
      headers: {
        'retry-after': seconds.toFixed(3),
        'x-ratelimit-scope': isGlobal ? 'global' : 'user',
        ...(isGlobal ? { 'x-ratelimit-global': 'true' } : limitHeaders(bucket, 1, 0, seconds)),
      },
    };
  }

  return {
    refusalOf,
    /** What a call that is within its limits is told of them. */
    headersOf: (method: string, path: string) => limitHeaders(bucketOf(method, path), 100, 99, 1),
    /** How many calls were told to wait. */
    throttled: () => throttled,
  };
}

/** How a client knows which calls share a limit, and what is left of it. */
function limitHeaders(bucket: string, limit: number, remaining: number, seconds: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset-after': seconds.toFixed(3),
    'x-ratelimit-bucket': Buffer.from(bucket.replace(/\d{10,}/g, ''))
      .toString('hex')
      .slice(0, 32),
  };
}

/** Calls that share a limit: the same route for the same channel, webhook or interaction. */
function bucketOf(method: string, path: string): string {
  return `${method} ${path.replace(/(\/messages\/)\d+$/, '$1:id')}`;
}
