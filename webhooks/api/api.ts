import { OpenAPIHono } from '@hono/zod-openapi';

import { fieldErrors } from '../../src/events/catalogue.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { idempotency } from '../middleware/idempotency.ts';
import { refuseSimulation } from '../middleware/simulation.ts';
import { problem } from '../problem.ts';
import { addAccountList } from './accountList.ts';
import { addAccounts } from './accounts.ts';
import { addAdjustments } from './adjustments.ts';
import { addAudit } from './audit.ts';
import { addCommissions } from './commissions.ts';
import { addErasure } from './erasure.ts';
import { addEvents } from './events.ts';
import { addForecast } from './forecast.ts';
import { addHealth } from './health.ts';
import { addInvoices } from './invoices.ts';
import { addKeys } from './keys.ts';
import { addLedger } from './ledger.ts';
import { answerTables } from './listTables.ts';
import { addLive } from './live.ts';
import { addManagerScopes } from './managerScopes.ts';
import { addMarketerQueue } from './marketerQueue.ts';
import { addMe } from './me.ts';
import { addMessages } from './messages.ts';
import { addOrders } from './orders.ts';
import { addOverdue } from './overdue.ts';
import { answerOwners } from './ownViews.ts';
import { addPayees } from './payees.ts';
import { addPayoutBatches } from './payoutBatches.ts';
import { addPayoutCycleLists } from './payoutCycleLists.ts';
import { addPayoutCycles } from './payoutCycles.ts';
import { addPayoutExports } from './payoutExports.ts';
import { addPayoutHolds } from './payoutHolds.ts';
import { addPayoutResults } from './payoutResults.ts';
import { addPayouts } from './payouts.ts';
import { addPromises } from './promises.ts';
import { addReceipts } from './receipts.ts';
import { addReminders } from './reminders.ts';
import { addSeries } from './series.ts';
import { addShadow } from './shadow.ts';
import { addSimulate } from './simulate.ts';
import { addStanding } from './standing.ts';
import { addToday } from './today.ts';
import { addWebhooks } from './webhooks.ts';

/** An app that answers bad parameters with a problem naming each of them. */
export function newApiApp(): ApiApp {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      return problem(422, 'The request is not valid.', { errors: fieldErrors(result.error, '') });
    },
  });
}

/** `/v1` (docs/api.md). The key has been checked before. */
export function addApi(app: ApiApp, deps: ApiDeps): void {
  app.use('/v1/*', refuseSimulation(app), idempotency(deps.answers));
  answerTables(app, deps.platform);
  answerOwners(app);
  addAccountList(app, deps);
  addAccounts(app, deps);
  addMessages(app, deps);
  addErasure(app, deps);
  addPayees(app, deps);
  addMe(app, deps);
  addKeys(app, deps);
  addManagerScopes(app, deps);
  addInvoices(app, deps);
  addPromises(app, deps);
  addReminders(app, deps);
  addStanding(app, deps);
  addForecast(app, deps);
  addOverdue(app, deps);
  addOrders(app, deps);
  addMarketerQueue(app, deps);
  addCommissions(app, deps);
  addPayouts(app, deps);
  addPayoutHolds(app, deps);
  addPayoutBatches(app, deps);
  addPayoutCycles(app, deps);
  addPayoutCycleLists(app, deps);
  addPayoutExports(app, deps);
  addPayoutResults(app, deps);
  addShadow(app, deps);
  addSimulate(app, deps);
  addLedger(app, deps);
  addAdjustments(app, deps);
  addEvents(app, deps);
  addWebhooks(app, deps);
  addToday(app, deps);
  addSeries(app, deps);
  addAudit(app, deps);
  addHealth(app, deps);
  addLive(app, deps);
  addReceipts(app, deps);
}
