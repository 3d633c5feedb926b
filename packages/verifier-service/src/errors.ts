/** Every failure the service names. Stable: clients and tests compare these, never the words beside them. */
export type ServiceErrorCode =
  | 'malformed_json'
  | 'invalid_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'credential_not_found'
  | 'status_list_not_found'
  | 'snapshot_not_found'
  | 'receipt_not_found'
  | 'organisation_not_found'
  | 'organisation_exists'
  | 'operator_not_found'
  | 'own_access'
  | 'subject_taken'
  | 'openid_not_set_up'
  | 'webhook_not_found'
  | 'too_many_webhooks'
  | 'offline_key_not_found'
  | 'offline_key_taken'
  | 'too_many_offline_keys'
  | 'out_of_scope'
  | 'rate_limited'
  | 'proposal_not_found'
  | 'proposal_closed'
  | 'own_proposal'
  | 'too_many_proposals'
  | 'made_before_restore'
  | 'challenge_expired'
  | 'challenge_not_ours'
  | 'method_not_allowed'
  | 'body_timeout'
  | 'body_incomplete'
  | 'already_revoked'
  | 'too_many_delegates'
  | 'body_too_large'
  | 'image_too_large'
  | 'unsupported_media_type'
  | 'unreadable_image'
  | 'no_code_found'
  | 'several_codes'
  | 'image_too_slow'
  | 'identity_unreadable'
  | 'internal_error'
  | 'pages_not_built'
  | 'image_queue_full'
  | 'too_many_images'
  | 'store_unavailable'
  | 'signer_unavailable'
  | 'openid_unavailable'
  | 'clock_behind'
  | 'signing_key_unavailable'
  | 'lists_unusable'
  | 'draining';

/** A field that was refused: where (JSON Pointer, RFC 6901) and why, never its value. */
export interface FieldFault {
  /** JSON Pointer. */
  readonly pointer: string;
  /** Why, in a few English words. */
  readonly reason: string;
}

/** A named failure. `message` is one English sentence and never carries personal data, QR text or a key. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ServiceErrorCode;
  readonly faults: readonly FieldFault[];
  /** After how long the same request may succeed, where that is known. */
  readonly retryAfterSeconds?: number;

  constructor(
    code: ServiceErrorCode,
    message: string,
    options: { cause?: unknown; faults?: readonly FieldFault[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The command or its configuration is wrong: one sentence that says how to mend it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The machine is in the way (a busy port, a read-only folder): one sentence that says how to mend it. Exit code 3. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}
