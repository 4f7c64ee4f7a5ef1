import {
  type InfiniteData,
  QueryClient,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/preact-query';

import type { AnswerOf, InputOf, ItemOf, ListOperation, Operation } from '../../client/api.ts';
import type { ListSource } from './api.ts';
import { useConsole } from './context.ts';

/** The transport tries again by itself; what was read stays shown while it is read anew. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 10_000 }, mutations: { retry: false } },
  });
}

/** The answer of a `GET`, read again when the page is looked at again, and after every act. */
export function useAnswer<O extends Operation>(
  operation: O,
  input: InputOf<O>,
  options: { enabled?: boolean } = {},
): UseQueryResult<AnswerOf<O>> {
  const { api } = useConsole();
  return useQuery({
    queryKey: [operation, input],
    queryFn: ({ signal }) => call(api, operation, { ...input, signal }),
    ...options,
  });
}

/** What a command answers that only looks, in the words of the chat; read again as everything else is. */
export function useTold(line: string) {
  const { api, session } = useConsole();
  return useQuery({
    queryKey: ['told', line, session.language],
    queryFn: () => api.command(line, crypto.randomUUID()),
  });
}

/** A list, page by page as far as somebody asks for it. `items` are those of all pages that are there. */
export function useList<O extends ListOperation>(operation: O, input: InputOf<O>) {
  const { api } = useConsole();
  const query = 'query' in input ? (input.query as Record<string, unknown>) : {};
  const found = useInfiniteQuery({
    queryKey: [operation, input, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      call(api, operation, { ...input, query: { limit: PAGE, ...query, ...after(pageParam) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: AnswerOf<O>) => page.next,
  });
  const data = found.data as InfiniteData<AnswerOf<O>> | undefined;
  return {
    /** What is asked: its file is asked for the same. */
    ...({ operation, input } as ListSource),
    items: data?.pages.flatMap((page) => page.items as ItemOf<O>[]),
    /** The first page, for what lists say besides their items. */
    first: data?.pages[0],
    error: found.error,
    /** Shown are the answers to another question, until this one's are there. */
    isReading: found.isFetching,
    hasMore: found.hasNextPage,
    readMore: () => void found.fetchNextPage(),
    again: () => void found.refetch(),
  };
}

/** After an act: whatever is on the screen is read again, and the rest when it is looked at. */
export function useReadAgain(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries();
}

const PAGE = 100;

function after(cursor: string | null): { after?: string } {
  return cursor === null ? {} : { after: cursor };
}

/** The arguments of `call` depend on the operation, which is not known here; `input` is its own by the types of the hooks. */
function call<O extends Operation>(
  api: ReturnType<typeof useConsole>['api'],
  operation: O,
  input: object,
): Promise<AnswerOf<O>> {
  return (api.call as (operation: O, input: object) => Promise<AnswerOf<O>>)(operation, input);
}
