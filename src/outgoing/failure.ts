/** Why a webhook did not reach the platform. `error` of it is a text, which is stored and read by programs; people read it in their language. */
export type WebhookFailure =
  /** The platform answered with a status that refuses it. */
  | { kind: 'refused'; status: number }
  /** It answered that it moved, which is not followed. */
  | { kind: 'redirected'; status: number }
  | { kind: 'late'; seconds: number }
  /** `code`: what the network said of it, where it said anything. */
  | { kind: 'unreachable'; code: string | null }
  /** What it said was erased with an account. */
  | { kind: 'erased' };

/** What is stored of a failure. */
export function failureText(failure: WebhookFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `answered ${failure.status}`;
    case 'redirected':
      return `answered ${failure.status}; redirects are not followed`;
    case 'late':
      return `no answer within ${failure.seconds} s`;
    case 'unreachable':
      return failure.code === null ? 'cannot be reached' : `cannot be reached (${failure.code})`;
    case 'erased':
      return 'it was erased with its account';
  }
}

/** Reads what was stored, of earlier versions as well; null for a text that says none of these. */
export function failureIn(text: string | null): WebhookFailure | null {
  if (text === null) return null;
  const [, status, moved] = /^answered (\d{3})(; redirects are not followed)?$/.exec(text) ?? [];
  if (status !== undefined) return { kind: moved === undefined ? 'refused' : 'redirected', status: Number(status) };
  const [, seconds] = /^no answer within (\d+(?:\.\d+)?) s$/.exec(text) ?? [];
  if (seconds !== undefined) return { kind: 'late', seconds: Number(seconds) };
  const [unreachable, code = null] = /^cannot be reached(?: \(([A-Z0-9_]+)\))?$/.exec(text) ?? [];
  if (unreachable !== undefined) return { kind: 'unreachable', code };
  return text === failureText({ kind: 'erased' }) ? { kind: 'erased' } : null;
}
