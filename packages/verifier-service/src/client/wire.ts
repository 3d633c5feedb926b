import type { z } from 'zod';
import type * as access from '../schemas/access.ts';
import type * as audit from '../schemas/audit.ts';
import type * as credential from '../schemas/credential.ts';
import type * as offline from '../schemas/offline.ts';
import type * as proposal from '../schemas/proposal.ts';
import type * as receipt from '../schemas/receipt.ts';
import type * as verification from '../schemas/verification.ts';
import type * as webhook from '../schemas/webhook.ts';

/** What is sent and answered, by the schemas that the service itself checks requests with. */

/** What to issue: claims, and what stands beside them. */
export type IssueRequest = z.input<typeof credential.issueRequest>;
/** A credential as it was issued; `text` is the content of the QR code, and is nowhere else. */
export type IssuedCredential = z.output<typeof credential.issuedCredential>;
/** A revocation, suspension or reinstatement, with its reason. */
export type StatusRequest = z.input<typeof credential.statusRequest>;
/** A status as it is now. */
export type ChangedStatus = z.output<typeof credential.changedStatus>;
/** A code as text, and what is expected of it. */
export type VerificationRequest = z.input<typeof verification.verificationRequest>;
/** What is expected of the code in a picture. */
export type PictureExpectation = z.input<typeof verification.imageVerificationQuery>;
/** The verdict: `ok`, with a receipt; or not, with a code. */
export type VerificationResult = z.output<typeof verification.verificationResult>;
/** A challenge for a holder's device. */
export type Challenge = z.output<typeof receipt.givenChallenge>;
/** A receipt: a signed statement, in base64url. */
export type SignedReceipt = z.output<typeof receipt.signedReceipt>;
/** Whose API key it is. */
export type Operator = z.output<typeof access.operator>;
/** An operator, and how many API keys they have. */
export type ListedOperator = z.output<typeof access.listedOperator>;
/** An operator to be added. */
export type NewOperator = z.input<typeof access.newOperator>;
/** An operator with their API key, which is answered once. */
export type AddedOperator = z.output<typeof access.addedOperator>;
/** A region, a hall, a station, a hospital. */
export type Organisation = z.output<typeof access.organisation>;
/** An organisation to be added. */
export type NewOrganisation = z.input<typeof access.newOrganisation>;
/** What to look for in the audit; each member narrows the search. */
export type AuditQuery = Omit<z.input<typeof audit.auditQuery>, 'limit'> & { readonly limit?: number };
/** What can be done that is audited. */
export type AuditAction = z.output<typeof audit.auditAction>;
/** Who did what. */
export type AuditEntry = z.output<typeof audit.auditEntry>;
/** A part of what a search found. */
export type AuditPage = z.output<typeof audit.auditPage>;
/** From when to when to count. */
export type CountQuery = z.input<typeof audit.countQuery>;
/** How often what was done. */
export type AuditCounts = z.output<typeof audit.auditCounts>;
/** An endpoint to be told of what is done. */
export type NewWebhook = z.input<typeof webhook.newWebhook>;
/** An endpoint with its secret, which is answered once. */
export type AddedWebhook = z.output<typeof webhook.addedWebhook>;
/** An endpoint. */
export type Webhook = z.output<typeof webhook.webhook>;
/** A message to an endpoint. */
export type WebhookDelivery = z.output<typeof webhook.delivery>;
/** Which messages to list. */
export type DeliveryQuery = Omit<z.input<typeof webhook.deliveryQuery>, 'limit'> & { readonly limit?: number };
/** What another operator has to agree to. */
export type Proposal = z.output<typeof proposal.proposal>;
/** A proposal with what is to be issued, masked. */
export type ShownProposal = z.output<typeof proposal.shownProposal>;
/** A device that signs receipts offline. */
export type OfflineKey = z.output<typeof offline.offlineKey>;
/** A device to be registered. */
export type NewOfflineKey = z.input<typeof offline.newOfflineKey>;
/** Receipts that were signed offline. */
export type OfflineReceipts = z.input<typeof offline.offlineReceipts>;
/** What became of each of them. */
export type OfflineReceiptResults = z.output<typeof offline.offlineReceiptResults>;
