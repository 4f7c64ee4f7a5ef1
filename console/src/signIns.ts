const CHANNEL = 'settlebot-console';

/** Tells the other tabs of this browser that somebody has come in, by the cookie that they share. */
export function announceSignIn(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('in');
  channel.close();
}

/** Calls `listener` when somebody has come in by another tab; the function that is returned ends it. */
export function onSignIn(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}
