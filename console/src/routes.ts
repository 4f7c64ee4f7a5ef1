import type { ComponentType } from 'preact';

import type { PageProps } from './pageProps.ts';
import type { PlainKey } from './say.ts';
import { allows, type Role, type Scope, type Session } from './session.ts';

export type PageRoute = {
  /** Below `/console`; a name after a colon is a parameter. */
  path: string;
  /** What the page is called, in the navigation and as the title of the window. */
  title: PlainKey;
  roles: readonly Role[];
  /** What a manager needs to see it; the service decides, this only leaves out what would be refused. */
  scope?: Scope;
  /** Whether the navigation leads there. Pages of one thing are reached from its list. */
  inNavigation?: false;
  /** A page is a file of its own, loaded when it is opened. */
  load(): Promise<{ default: ComponentType<PageProps> }>;
};

const MANAGER = ['manager'] as const;

/** Every page, in the order of the navigation. The first that somebody may see is their home. */
const ROUTES: readonly PageRoute[] = [
  { path: '/', title: 'nav.today', roles: MANAGER, scope: 'read', load: () => import('./pages/today/Today.tsx') },
  {
    path: '/overdue',
    title: 'nav.overdue',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/overdue/Overdue.tsx'),
  },
  {
    path: '/orders',
    title: 'nav.orders',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/orders/Orders.tsx'),
  },
  {
    path: '/orders/:id',
    title: 'nav.order',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/orders/Order.tsx'),
  },
  {
    path: '/marketers/:id/queue',
    title: 'nav.queue',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/orders/Queue.tsx'),
  },
  {
    path: '/events',
    title: 'nav.events',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/events/Events.tsx'),
  },
  {
    path: '/events/:id',
    title: 'nav.event',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/events/Event.tsx'),
  },
  {
    path: '/webhooks',
    title: 'nav.webhooks',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/webhooks/Webhooks.tsx'),
  },
  {
    path: '/webhooks/:id',
    title: 'nav.webhook',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/webhooks/Webhook.tsx'),
  },
  {
    path: '/accounts',
    title: 'nav.accounts',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/accounts/Accounts.tsx'),
  },
  {
    path: '/accounts/:id',
    title: 'nav.accounts',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/account/Account.tsx'),
  },
  {
    path: '/invoices/:id',
    title: 'nav.invoice',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/invoice/Invoice.tsx'),
  },
  {
    path: '/payday',
    title: 'nav.payday',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/payday/Paydays.tsx'),
  },
  {
    path: '/payday/:date',
    title: 'nav.payday',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/payday/Payday.tsx'),
  },
  {
    path: '/payouts/:id',
    title: 'nav.payout',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/payout/Payout.tsx'),
  },
  {
    path: '/simulate',
    title: 'nav.simulate',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/simulate/Simulate.tsx'),
  },
  {
    path: '/simulate/:run',
    title: 'nav.simulate',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/simulate/Simulate.tsx'),
  },
  {
    path: '/ledger',
    title: 'nav.ledger',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/ledger/Ledger.tsx'),
  },
  {
    path: '/ledger/:account',
    title: 'nav.ledger',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/ledger/LedgerAccount.tsx'),
  },
  {
    path: '/commissions',
    title: 'nav.commissions',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/commissions/Commissions.tsx'),
  },
  {
    path: '/commissions/:id',
    title: 'nav.commissions',
    roles: MANAGER,
    scope: 'read',
    inNavigation: false,
    load: () => import('./pages/commissions/CommissionPage.tsx'),
  },
  {
    path: '/audit',
    title: 'nav.audit',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/audit/Audit.tsx'),
  },
  {
    path: '/health',
    title: 'nav.health',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/health/Health.tsx'),
  },
  {
    path: '/charts',
    title: 'nav.charts',
    roles: MANAGER,
    scope: 'read',
    load: () => import('./pages/charts/Charts.tsx'),
  },
  { path: '/', title: 'nav.home', roles: ['model'], load: () => import('./pages/home/ModelHome.tsx') },
  { path: '/', title: 'nav.home', roles: ['marketer'], load: () => import('./pages/home/MarketerHome.tsx') },
  { path: '/', title: 'nav.home', roles: ['affiliate'], load: () => import('./pages/home/AffiliateHome.tsx') },
  {
    path: '/invoices',
    title: 'nav.invoices',
    roles: ['model'],
    load: () => import('./pages/ownInvoices/OwnInvoices.tsx'),
  },
  {
    path: '/invoices/:id',
    title: 'nav.invoices',
    roles: ['model'],
    inNavigation: false,
    load: () => import('./pages/ownInvoices/OwnInvoice.tsx'),
  },
  {
    path: '/standing',
    title: 'nav.standing',
    roles: ['model'],
    load: () => import('./pages/ownStanding/OwnStanding.tsx'),
  },
  {
    path: '/orders',
    title: 'nav.orders',
    roles: ['model', 'marketer'],
    load: () => import('./pages/ownOrders/OwnOrders.tsx'),
  },
  {
    path: '/orders/:id',
    title: 'nav.orders',
    roles: ['model', 'marketer'],
    inNavigation: false,
    load: () => import('./pages/ownOrders/OwnOrder.tsx'),
  },
  {
    path: '/balance',
    title: 'nav.balance',
    roles: ['model'],
    load: () => import('./pages/ownBalance/OwnBalance.tsx'),
  },
  {
    path: '/earnings',
    title: 'nav.earnings',
    roles: ['marketer', 'affiliate'],
    load: () => import('./pages/ownBalance/OwnEarnings.tsx'),
  },
  {
    path: '/commissions',
    title: 'nav.commissions',
    roles: ['affiliate'],
    load: () => import('./pages/ownCommissions/OwnCommissions.tsx'),
  },
  {
    path: '/commissions/:id',
    title: 'nav.commissions',
    roles: ['affiliate'],
    inNavigation: false,
    load: () => import('./pages/ownCommissions/OwnCommission.tsx'),
  },
  {
    path: '/payouts',
    title: 'nav.payouts',
    roles: ['marketer', 'affiliate'],
    load: () => import('./pages/ownPayouts/OwnPayouts.tsx'),
  },
  {
    path: '/payouts/:id',
    title: 'nav.payouts',
    roles: ['marketer', 'affiliate'],
    inNavigation: false,
    load: () => import('./pages/ownPayouts/OwnPayout.tsx'),
  },
  {
    path: '/settings',
    title: 'nav.settings',
    roles: ['model', 'marketer', 'affiliate', 'manager'],
    load: () => import('./pages/settings/Settings.tsx'),
  },
];

/** The pages that somebody may see. */
export function routesOf(session: Pick<Session, 'account' | 'scopes'>): PageRoute[] {
  const { role } = session.account;
  return ROUTES.filter(({ roles, scope }) => roles.includes(role) && (role !== 'manager' || allows(session, scope)));
}

/** The page of a path with its parameters; undefined where there is none for them. */
export function routeAt(
  path: string,
  routes: readonly PageRoute[],
): { route: PageRoute; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = paramsOf(route.path, path);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = partsOf(pattern);
  const given = partsOf(path);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index] ?? '');
    if (value === undefined) return undefined;
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** Undefined for a percent sign that stands for nothing. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
