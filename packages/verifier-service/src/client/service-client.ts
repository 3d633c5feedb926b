import {
  type Answer,
  type CallOptions,
  type ClientOptions,
  connect,
  readAs,
  type ServiceRequest,
} from './connection.ts';
import { createListClient, type ListClient } from './list-client.ts';
import type {
  AddedOperator,
  AddedWebhook,
  AuditCounts,
  AuditPage,
  AuditQuery,
  Challenge,
  ChangedStatus,
  CountQuery,
  DeliveryQuery,
  IssuedCredential,
  IssueRequest,
  ListedOperator,
  NewOfflineKey,
  NewOperator,
  NewOrganisation,
  NewWebhook,
  OfflineKey,
  OfflineReceiptResults,
  OfflineReceipts,
  Operator,
  Organisation,
  PictureExpectation,
  Proposal,
  ShownProposal,
  SignedReceipt,
  StatusRequest,
  VerificationRequest,
  VerificationResult,
  Webhook,
  WebhookDelivery,
} from './wire.ts';

/** What was issued; or, where another operator has to agree first, the proposal that waits for them. */
export type Issuing = { readonly issued: IssuedCredential } | { readonly proposed: Proposal };

/** What was changed; or the proposal that waits for another operator. */
export type StatusChanging = { readonly changed: ChangedStatus } | { readonly proposed: Proposal };

/** A picture of a code as it is sent. */
export interface Picture {
  /** As the camera or the file has it. */
  readonly bytes: Uint8Array;
  /** What they are. */
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
}

/**
 * The service as methods. A problem that it answers is a value with a `code`; what rejects is the caller's own signal. The
 * batch, the export of the audit and ec.query are not here: they are streams, or somebody else's interface.
 */
export interface ServiceClient extends ListClient {
  /** Whose key this is, whatever their role. */
  readOperator(options?: CallOptions): Promise<Answer<Operator>>;

  /** Issues a credential: its QR text is answered once. */
  issue(request: IssueRequest, options?: CallOptions): Promise<Answer<Issuing>>;
  /**
   * Revokes, suspends or reinstates.
   *
   * @param id the cti, 16 hex digits
   */
  changeStatus(id: string, request: StatusRequest, options?: CallOptions): Promise<Answer<StatusChanging>>;
  /** What waits for somebody to agree, oldest first. */
  listProposals(options?: CallOptions): Promise<Answer<{ readonly proposals: readonly Proposal[] }>>;
  /** What is to be decided on, with name and number masked. */
  readProposal(id: string, options?: CallOptions): Promise<Answer<ShownProposal>>;
  /** Agrees; a status is changed with it. */
  approveProposal(id: string, options?: CallOptions): Promise<Answer<Proposal>>;
  /** Declines. */
  rejectProposal(id: string, options?: CallOptions): Promise<Answer<Proposal>>;
  /** Issues what was approved, for its proposer. */
  executeProposal(id: string, options?: CallOptions): Promise<Answer<IssuedCredential>>;

  /** A code that is not valid is an answer: `value.ok` is false. */
  verify(request: VerificationRequest, options?: CallOptions): Promise<Answer<VerificationResult>>;
  /** The same with a picture of the code. */
  verifyPicture(
    picture: Picture,
    expectation?: PictureExpectation,
    options?: CallOptions,
  ): Promise<Answer<VerificationResult>>;
  /** A challenge for a holder’s device, good for a few minutes at the caller’s organisation. */
  createChallenge(options?: CallOptions): Promise<Answer<Challenge>>;
  /**
   * A receipt of the caller’s organisation.
   *
   * @param id 32 hex digits
   */
  readReceipt(id: string, options?: CallOptions): Promise<Answer<SignedReceipt>>;
  /** What was verified and signed offline: an outcome for each, in their order. */
  uploadReceipts(receipts: OfflineReceipts, options?: CallOptions): Promise<Answer<OfflineReceiptResults>>;
  /** Registers a device that signs receipts for the caller. */
  addOfflineKey(key: NewOfflineKey, options?: CallOptions): Promise<Answer<OfflineKey>>;
  /** The devices of an operator, the caller unless given. */
  listOfflineKeys(
    query?: { readonly operator?: string },
    options?: CallOptions,
  ): Promise<Answer<{ readonly keys: readonly OfflineKey[] }>>;
  /** Ends a device: what it signed is not taken any more. */
  withdrawOfflineKey(id: string, options?: CallOptions): Promise<Answer<OfflineKey>>;

  /** Who did what, newest first, a page at a time: `after` takes `next` of the page before. */
  searchAudit(query?: AuditQuery, options?: CallOptions): Promise<Answer<AuditPage>>;
  /** How often what was done in the caller’s part of the tree. */
  countActions(query: CountQuery, options?: CallOptions): Promise<Answer<AuditCounts>>;

  /** The caller’s organisation and those below it. */
  listOrganisations(options?: CallOptions): Promise<Answer<{ readonly organisations: readonly Organisation[] }>>;
  /** Adds an organisation below one of the caller’s. */
  addOrganisation(organisation: NewOrganisation, options?: CallOptions): Promise<Answer<Organisation>>;
  /** Shuts an organisation out with all below it, or lets it in again. */
  setOrganisationDisabled(id: string, disabled: boolean, options?: CallOptions): Promise<Answer<Organisation>>;
  /** The operators of the caller’s organisation and below. */
  listOperators(options?: CallOptions): Promise<Answer<{ readonly operators: readonly ListedOperator[] }>>;
  /** Adds an operator; their API key, where no subject is linked, is answered once. */
  addOperator(operator: NewOperator, options?: CallOptions): Promise<Answer<AddedOperator>>;
  /** Shuts an operator out, or lets them in again. */
  setOperatorDisabled(id: string, disabled: boolean, options?: CallOptions): Promise<Answer<Operator>>;
  /** Tokens of the OpenID provider with this subject let the operator in from now on. */
  linkSubject(operator: string, subject: string, options?: CallOptions): Promise<Answer<Operator>>;
  /** They let nobody in any more; answers whether there was one. */
  unlinkSubject(operator: string, options?: CallOptions): Promise<Answer<{ readonly unlinked: boolean }>>;
  /** A further API key for an operator, answered once. */
  addApiKey(operator: string, options?: CallOptions): Promise<Answer<{ readonly apiKey: string }>>;
  /** Ends all API keys of an operator; answers how many there were. */
  withdrawApiKeys(operator: string, options?: CallOptions): Promise<Answer<{ readonly withdrawn: number }>>;

  /** The endpoints of the caller’s organisation and below. */
  listWebhooks(options?: CallOptions): Promise<Answer<{ readonly webhooks: readonly Webhook[] }>>;
  /** Registers an endpoint; its secret is answered once. */
  addWebhook(webhook: NewWebhook, options?: CallOptions): Promise<Answer<AddedWebhook>>;
  /** Removes an endpoint with all messages to it. */
  removeWebhook(id: string, options?: CallOptions): Promise<Answer<Webhook>>;
  /** The messages to an endpoint, newest first. */
  listDeliveries(
    webhook: string,
    query?: DeliveryQuery,
    options?: CallOptions,
  ): Promise<Answer<{ readonly deliveries: readonly WebhookDelivery[] }>>;
}

/** A client for all that an API key may do; what a role may not is answered `forbidden`. */
export function createServiceClient(options: ClientOptions): ServiceClient {
  const send = connect(options);
  const call = <Value>(request: ServiceRequest): Promise<Answer<Value>> => send(request, readAs<Value>);
  const segment = encodeURIComponent;
  return {
    ...createListClient(options),
    readOperator: (more) => call({ path: '/v1/operator', ...more }),

    issue: (json, more) =>
      send({ path: '/v1/credentials', json, ...more }, async (response) =>
        isAccepted(response) ? { proposed: await readAs(response) } : { issued: await readAs(response) },
      ),
    changeStatus: (id, json, more) =>
      send({ path: `/v1/credentials/${segment(id)}/status`, json, ...more }, async (response) =>
        isAccepted(response) ? { proposed: await readAs(response) } : { changed: await readAs(response) },
      ),
    listProposals: (more) => call({ path: '/v1/proposals', ...more }),
    readProposal: (id, more) => call({ path: `/v1/proposals/${segment(id)}`, ...more }),
    approveProposal: (id, more) => call({ path: `/v1/proposals/${segment(id)}/approval`, method: 'POST', ...more }),
    rejectProposal: (id, more) => call({ path: `/v1/proposals/${segment(id)}/rejection`, method: 'POST', ...more }),
    executeProposal: (id, more) => call({ path: `/v1/proposals/${segment(id)}/execution`, method: 'POST', ...more }),

    verify: (json, more) => call({ path: '/v1/verifications', json, ...more }),
    verifyPicture: ({ bytes: body, mediaType }, query = {}, more = {}) =>
      call({ path: '/v1/verifications', query, bytes: { body, mediaType }, ...more }),
    createChallenge: (more) => call({ path: '/v1/challenges', method: 'POST', ...more }),
    readReceipt: (id, more) => call({ path: `/v1/receipts/${segment(id)}`, ...more }),
    uploadReceipts: (json, more) => call({ path: '/v1/receipts', json, ...more }),
    addOfflineKey: (json, more) => call({ path: '/v1/offline-keys', json, ...more }),
    listOfflineKeys: (query = {}, more = {}) => call({ path: '/v1/offline-keys', query, ...more }),
    withdrawOfflineKey: (id, more) =>
      call({ path: `/v1/offline-keys/${segment(id)}/withdrawal`, method: 'POST', ...more }),

    searchAudit: (query = {}, more = {}) => call({ path: '/v1/audit', query, ...more }),
    countActions: (query, more) => call({ path: '/v1/counts', query, ...more }),

    listOrganisations: (more) => call({ path: '/v1/organisations', ...more }),
    addOrganisation: (json, more) => call({ path: '/v1/organisations', json, ...more }),
    setOrganisationDisabled: (id, disabled, more) =>
      call({ path: `/v1/organisations/${segment(id)}/access`, json: { disabled }, ...more }),
    listOperators: (more) => call({ path: '/v1/operators', ...more }),
    addOperator: (json, more) => call({ path: '/v1/operators', json, ...more }),
    setOperatorDisabled: (id, disabled, more) =>
      call({ path: `/v1/operators/${segment(id)}/access`, json: { disabled }, ...more }),
    linkSubject: (id, subject, more) =>
      call({ path: `/v1/operators/${segment(id)}/subject`, json: { subject }, ...more }),
    unlinkSubject: (id, more) =>
      call({ path: `/v1/operators/${segment(id)}/subject/removal`, method: 'POST', ...more }),
    addApiKey: (id, more) => call({ path: `/v1/operators/${segment(id)}/keys`, method: 'POST', ...more }),
    withdrawApiKeys: (id, more) =>
      call({ path: `/v1/operators/${segment(id)}/keys/withdrawal`, method: 'POST', ...more }),

    listWebhooks: (more) => call({ path: '/v1/webhooks', ...more }),
    addWebhook: (json, more) => call({ path: '/v1/webhooks', json, ...more }),
    removeWebhook: (id, more) => call({ path: `/v1/webhooks/${segment(id)}/removal`, method: 'POST', ...more }),
    listDeliveries: (id, query = {}, more = {}) =>
      call({ path: `/v1/webhooks/${segment(id)}/deliveries`, query, ...more }),
  };
}

/** HTTP 202: it waits for somebody. */
function isAccepted({ status }: Response): boolean {
  return status === 202;
}
