import { useConsole } from '../context.ts';
import { useAnswer } from '../queries.ts';
import { Facts } from './Facts.tsx';
import { Failed, Loading } from './Wait.tsx';

/** What an account of the ledger has now. */
export function Balance({ account, label }: { account: string; label: string }) {
  const { format } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/ledger/balances/{account}', { path: { account } });
  if (error !== null) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  return <Facts facts={[{ label, value: format.money(data.balance), isNumber: true }]} />;
}
