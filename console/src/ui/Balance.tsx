import { useConsole } from '../context.ts';
import { useAnswer } from '../queries.ts';
import { type Fact, Facts } from './Facts.tsx';
import { Failed, Loading } from './Wait.tsx';

type Props = {
  account: string;
  label: string;
  /** What is said beside it, where the account is somebody's who is called so. */
  beside?(name: string | undefined): Fact[];
};

/** What an account of the ledger has now. */
export function Balance({ account, label, beside = () => [] }: Props) {
  const { format } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/ledger/balances/{account}', { path: { account } });
  if (error !== null) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  return <Facts facts={[{ label, value: format.money(data.balance), isNumber: true }, ...beside(data.name)]} />;
}
