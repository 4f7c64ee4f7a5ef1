/** Why a session is over: what the audit trail says of it. */
export type Cause =
  | 'signed-out'
  | 'ended'
  | 'expired'
  | 'link-used-again'
  | 'old-token'
  | 'chat-unlinked'
  | 'too-many'
  | 'erased';
