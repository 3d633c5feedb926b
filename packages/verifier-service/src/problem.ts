import { type FieldFault, ServiceError, type ServiceErrorCode } from './errors.ts';

/** RFC 9457 problem details. `code` is stable; `errors` says which fields, never their values. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ServiceErrorCode;
  readonly errors?: readonly FieldFault[];
}

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly titleZh: string;
}

/** Every failure of the HTTP interface: the only place where status codes are chosen. */
export const PROBLEM_KINDS: Readonly<Record<ServiceErrorCode, ProblemKind>> = {
  malformed_json: { status: 400, title: 'The body is not JSON', titleZh: '请求体不是 JSON' },
  invalid_request: {
    status: 400,
    title: 'The request does not have the documented shape',
    titleZh: '请求内容不符合接口文档',
  },
  unauthenticated: { status: 401, title: 'An API key or a token is needed', titleZh: '需要 API 密钥或令牌' },
  forbidden: { status: 403, title: 'The role does not allow this', titleZh: '该角色无此权限' },
  not_found: { status: 404, title: 'There is nothing at this address', titleZh: '此地址无内容' },
  credential_not_found: { status: 404, title: 'No such credential', titleZh: '无此凭证' },
  status_list_not_found: { status: 404, title: 'No such status list', titleZh: '无此状态名单' },
  snapshot_not_found: {
    status: 404,
    title: 'No changes since that snapshot',
    titleZh: '无该快照的增量，请重新下载完整快照',
  },
  receipt_not_found: { status: 404, title: 'No such receipt', titleZh: '无此回执' },
  organisation_not_found: { status: 404, title: 'No such organisation', titleZh: '无此机构' },
  organisation_exists: { status: 409, title: 'The organisation exists', titleZh: '机构已存在' },
  operator_not_found: { status: 404, title: 'No such operator', titleZh: '无此操作员' },
  own_access: { status: 409, title: 'Nobody ends their own access', titleZh: '不能停用自己' },
  subject_taken: {
    status: 409,
    title: 'The subject is linked to another operator',
    titleZh: '该登录主体已关联其他操作员',
  },
  openid_not_set_up: {
    status: 409,
    title: 'The service has no OpenID provider',
    titleZh: '服务未配置 OpenID 身份提供方',
  },
  webhook_not_found: { status: 404, title: 'No such endpoint', titleZh: '无此回调地址' },
  too_many_webhooks: {
    status: 409,
    title: 'The organisation has as many endpoints as it can',
    titleZh: '回调地址数已达上限',
  },
  offline_key_not_found: { status: 404, title: 'No such offline key', titleZh: '无此离线密钥' },
  offline_key_taken: {
    status: 409,
    title: 'The key is somebody else’s, or withdrawn',
    titleZh: '该密钥已被登记或已停用',
  },
  too_many_offline_keys: {
    status: 409,
    title: 'The operator has as many offline keys as they can',
    titleZh: '离线密钥数已达上限',
  },
  out_of_scope: { status: 403, title: 'This operator may not do this here', titleZh: '超出该操作员的权限范围' },
  proposal_not_found: { status: 404, title: 'No such proposal', titleZh: '无此待复核事项' },
  proposal_closed: {
    status: 409,
    title: 'The proposal is decided, done or over',
    titleZh: '该事项已处理、未复核或已过期',
  },
  own_proposal: { status: 403, title: 'Somebody else must decide it', titleZh: '须由他人复核' },
  too_many_proposals: { status: 409, title: 'As many proposals wait as can', titleZh: '待复核事项已达上限' },
  made_before_restore: { status: 409, title: 'Ask for a new code', titleZh: '系统已恢复备份，请刷新二维码后重试' },
  challenge_expired: { status: 400, title: 'The challenge has expired', titleZh: '挑战值已过期' },
  challenge_not_ours: {
    status: 400,
    title: 'The challenge was not given to this organisation by this service',
    titleZh: '挑战值并非本服务签发给该机构',
  },
  pages_not_built: { status: 404, title: 'The pages are not built', titleZh: '页面尚未构建' },
  method_not_allowed: { status: 405, title: 'This address has no such method', titleZh: '此地址不支持该方法' },
  body_timeout: { status: 408, title: 'The body did not arrive in time', titleZh: '请求体未及时到达' },
  body_incomplete: { status: 400, title: 'The body did not arrive whole', titleZh: '请求体不完整' },
  already_revoked: { status: 409, title: 'A revocation is final', titleZh: '吊销不可撤回' },
  too_many_delegates: {
    status: 409,
    title: 'The person has as many delegates as the issuer allows',
    titleZh: '代办人数已达上限',
  },
  body_too_large: { status: 413, title: 'The body is too large', titleZh: '请求体过大' },
  image_too_large: { status: 413, title: 'The image has too many pixels', titleZh: '图片像素过多' },
  unsupported_media_type: { status: 415, title: 'The body is of a wrong type', titleZh: '请求体类型不支持' },
  unreadable_image: { status: 422, title: 'The image is damaged', titleZh: '图片已损坏' },
  no_code_found: { status: 422, title: 'There is no code in the image', titleZh: '图片中没有二维码' },
  several_codes: { status: 422, title: 'There are several codes in the image', titleZh: '图片中有多个二维码' },
  image_too_slow: { status: 422, title: 'The image took too long to read', titleZh: '图片识别超时' },
  identity_unreadable: {
    status: 503,
    title: 'A sealed identity cannot be opened',
    titleZh: '加密保存的身份信息无法解开',
  },
  internal_error: { status: 500, title: 'The service failed', titleZh: '服务内部错误' },
  image_queue_full: { status: 503, title: 'Too many images at once', titleZh: '图片识别繁忙' },
  rate_limited: { status: 429, title: 'Too many requests', titleZh: '请求过于频繁' },
  too_many_images: { status: 429, title: 'Too many images of one operator', titleZh: '该操作员的图片过多' },
  store_unavailable: { status: 503, title: 'The database does not answer', titleZh: '数据库无响应' },
  signer_unavailable: { status: 503, title: 'The signer of this service does not sign', titleZh: '签名服务不可用' },
  openid_unavailable: {
    status: 503,
    title: 'The OpenID provider does not answer',
    titleZh: 'OpenID 身份提供方无响应',
  },
  clock_behind: { status: 503, title: 'The clock of the service is behind', titleZh: '服务器时钟落后' },
  signing_key_unavailable: {
    status: 503,
    title: 'A key of the service cannot be used',
    titleZh: '服务密钥不可用',
  },
  lists_unusable: {
    status: 503,
    title: 'The lists of the service do not verify',
    titleZh: '服务的名单无法通过校验',
  },
  draining: { status: 503, title: 'The service is stopping', titleZh: '服务正在停止' },
};

/** The path component of a problem's type, as documented at `/docs`. */
export function nameProblem(code: ServiceErrorCode): string {
  return code.replaceAll('_', '-');
}

/** What the caller may know about `error`: of a failure that nobody named, nothing. */
export function toProblem(error: unknown): Problem {
  const named =
    error instanceof ServiceError
      ? error
      : new ServiceError('internal_error', 'The log has the request id of this answer.');
  const { status, title } = PROBLEM_KINDS[named.code];
  return {
    type: `/problems/${nameProblem(named.code)}`,
    title,
    status,
    detail: named.message,
    code: named.code,
    ...(named.faults.length > 0 ? { errors: named.faults } : {}),
  };
}
