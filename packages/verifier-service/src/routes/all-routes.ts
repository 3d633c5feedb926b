import { accessRoutes } from './access.ts';
import { auditRoutes } from './audit.ts';
import { credentialRoutes } from './credentials.ts';
import { documentRoutes } from './documents.ts';
import { ecQueryRoutes } from './ec-query.ts';
import { healthRoutes } from './health.ts';
import { listRoutes } from './lists.ts';
import { offlineRoutes } from './offline.ts';
import { proposalRoutes } from './proposals.ts';
import { receiptRoutes } from './receipts.ts';
import type { Route } from './route.ts';
import { verificationRoutes } from './verifications.ts';
import { webhookRoutes } from './webhooks.ts';

const API_ROUTES: readonly Route[] = [
  ...credentialRoutes,
  ...proposalRoutes,
  ...verificationRoutes,
  ...ecQueryRoutes,
  ...receiptRoutes,
  ...offlineRoutes,
  ...auditRoutes,
  ...accessRoutes,
  ...webhookRoutes,
  ...listRoutes,
  ...healthRoutes,
];

/** Every address of the service, the pages of the scanner apart. */
export const ALL_ROUTES: readonly Route[] = [...API_ROUTES, ...documentRoutes(API_ROUTES)];
