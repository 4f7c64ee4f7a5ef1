import type { UseQueryResult } from '@tanstack/preact-query';
import type { ComponentChildren } from 'preact';
import { isMissing } from '../why.ts';

import { Missing } from './Missing.tsx';
import { Page } from './Page.tsx';
import { Failed, Loading } from './Wait.tsx';

type Props<T> = {
  /** Of the page until it is known what it is of. */
  title: string;
  read: UseQueryResult<T>;
  children(thing: T): ComponentChildren;
};

/** The page of one thing once it is read; what does not exist, and what is somebody else's, is nothing at this address. */
export function Thing<T>({ title, read: { data, error, refetch }, children }: Props<T>) {
  if (isMissing(error)) return <Missing />;
  if (error === null && data !== undefined) return <>{children(data)}</>;
  return <Page title={title}>{error === null ? <Loading /> : <Failed error={error} again={refetch} />}</Page>;
}
