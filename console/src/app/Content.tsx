import type { ComponentType } from 'preact';
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { Redirect, useLocation } from 'wouter-preact';

import { useConsole } from '../context.ts';
import type { PageProps } from '../pageProps.ts';
import { type PageRoute, routeAt } from '../routes.ts';
import { Missing } from '../ui/Missing.tsx';
import { Page } from '../ui/Page.tsx';
import { Loading } from '../ui/Wait.tsx';

/** The page of the address. What breaks in it leaves the frame standing. */
export function Content({ routes }: { routes: readonly PageRoute[] }) {
  const [path] = useLocation();
  const found = routeAt(path, routes);
  const [first] = routes;
  if (found !== undefined) return <Opened key={path} {...found} />;
  // The first page that somebody may see is their home.
  return path === '/' && first !== undefined ? <Redirect href={first.path} replace /> : <Missing />;
}

type OpenedProps = { route: PageRoute; params: PageProps['params'] };

function Opened({ route, params }: OpenedProps) {
  const [Loaded, setLoaded] = useState<ComponentType<PageProps>>();
  const [error, reset] = useErrorBoundary();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let isGone = false;
    route.load().then(
      (file) => {
        if (!isGone) setLoaded(() => file.default);
      },
      (reason: unknown) => {
        if (!isGone) setFailure(reason);
      },
    );
    return () => {
      isGone = true;
    };
  }, [route]);
  if (error !== undefined) return <Broken error={error} onAgain={reset} />;
  // A page's file is gone where a newer build is served: the whole is loaded again.
  if (failure !== undefined) return <Broken error={failure} onAgain={() => location.reload()} />;
  return Loaded === undefined ? <Loading /> : <Loaded params={params} />;
}

function Broken({ error, onAgain }: { error: unknown; onAgain(): void }) {
  const { say } = useConsole();
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Page title={say('page.broken')}>
      <p role="alert">{say('page.brokenWhy', { message })}</p>
      <button type="button" class="main" onClick={onAgain}>
        {say('page.reload')}
      </button>
    </Page>
  );
}
