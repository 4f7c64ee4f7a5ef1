import { createHmac } from 'node:crypto';

/** What Telegram hands to a Mini App of the bot with this token, as a list of fields; `changes` put others in their place. */
export function initDataOf(
  userId: number | string,
  { token, openedAt, changes = {} }: { token: string; openedAt: Date; changes?: Record<string, string> },
): string {
  const fields = {
    query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
    user: JSON.stringify({ id: Number(userId), first_name: 'Ava & "Co"', language_code: 'en' }),
    auth_date: String(Math.floor(openedAt.getTime() / 1_000)),
    signature: 'of-another-kind',
    ...changes,
  };
  return signedInitData(Object.entries(fields), token);
}

/** Fields as Telegram signs them, doubled ones too. */
export function signedInitData(fields: [name: string, value: string][], token: string): string {
  const lines = fields.map(([name, value]) => `${name}=${value}`).sort();
  const key = createHmac('sha256', 'WebAppData').update(token).digest();
  const hash = createHmac('sha256', key).update(lines.join('\n')).digest('hex');
  return new URLSearchParams([...fields, ['hash', hash]]).toString();
}
