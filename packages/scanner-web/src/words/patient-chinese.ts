import type { PatientWords } from './patient-vocabulary.ts';

const SERVICE_DESK = '请到服务台，工作人员会帮您办理。';
const STAFF_WILL_CHECK = '请稍等，工作人员会用别的方式为您核对。';
const SHOW_ANEW = '请在手机上重新打开凭证，再出示一次。';

const UNUSABLE = { reason: '这个码无法使用。', next: SERVICE_DESK };

export const PATIENT_CHINESE: PatientWords = {
  title: '请看这里',
  waiting: { reason: '您好，请出示凭证二维码', next: '把二维码对着扫码的摄像头，也可以请工作人员帮忙。' },
  checking: { reason: '正在核验，请稍等', next: '请把手机拿稳。' },
  scannerLost: { reason: '暂停服务', next: '请等一下，工作人员正在准备。' },
  headline: { valid: '核验通过', unsure: '还需要核对', refused: '这次没有通过', foreign: '这是别的码' },
  verdict: {
    valid: { reason: '您的凭证有效。', next: '请等工作人员为您办理。' },
    no_lists: { reason: '窗口的设备还没有准备好。', next: STAFF_WILL_CHECK },
    lists_refused: { reason: '窗口的核验资料需要更新。', next: STAFF_WILL_CHECK },
    replayed: { reason: '这个码已经用过一次。', next: '请在手机上刷新，出示新的码。' },
    not_zhengma: { reason: '这里读的是凭证二维码。', next: '工作人员会告诉您怎么办。' },
    unsupported_version: { reason: '窗口的设备暂时读不了这个码。', next: STAFF_WILL_CHECK },
    too_large: { reason: '这个码里的内容太多，读不了。', next: SERVICE_DESK },
    malformed: { reason: '这个码没有读完整。', next: '请重新出示；还是不行，请到服务台。' },
    unsupported_algorithm: { reason: '这个码在这里用不了。', next: SERVICE_DESK },
    unsupported_type: { reason: '窗口的设备暂时读不了这种凭证。', next: STAFF_WILL_CHECK },
    unknown_issuer: { reason: '窗口还不认识这份凭证的签发机构。', next: SERVICE_DESK },
    unknown_key: { reason: '窗口暂时核对不了这份凭证。', next: SERVICE_DESK },
    key_not_valid: { reason: '这份凭证需要换发。', next: SERVICE_DESK },
    key_compromised: { reason: '这份凭证需要换发新的。', next: '请到签发机构换发，服务台可以告诉您怎么办。' },
    bad_signature: UNUSABLE,
    type_not_allowed: { reason: '这份凭证在这里用不了。', next: SERVICE_DESK },
    region_not_allowed: { reason: '这份凭证不是本地区可用的。', next: '请到服务台，工作人员会告诉您去哪里办理。' },
    not_presented: { reason: '请不要用截图或复印件。', next: '请在您自己的手机上打开凭证，当面出示。' },
    bad_delegation: { reason: '这次代办没有核对成功。', next: SERVICE_DESK },
    delegation_not_allowed: {
      reason: '这份凭证不能由别人这样代办。',
      next: '请本人来办，或到签发机构办理代办手续。',
    },
    bad_presentation: { reason: '请用绑定凭证的手机出示。', next: SHOW_ANEW },
    wrong_audience: { reason: '这个码是给别的单位看的。', next: SHOW_ANEW },
    wrong_challenge: { reason: '这个码是给别的窗口看的。', next: SHOW_ANEW },
    not_yet_valid: { reason: '您的凭证还没有到生效时间。', next: '请在生效以后再来，手机上可以看到日期。' },
    expired: { reason: '您的凭证已经过期。', next: '请更新凭证以后再出示，服务台可以帮您。' },
    issued_in_future: { reason: '窗口的设备时间需要核对。', next: STAFF_WILL_CHECK },
    delegation_expired: { reason: '代办的时间已经过了。', next: '请参保人重新授权，或本人来办。' },
    presentation_in_future: {
      reason: '手机和窗口设备的时间不一致。',
      next: '请把手机的时间设为自动，再出示一次。',
    },
    presentation_expired: { reason: '这个画面已经过了时间。', next: '请刷新二维码，用手机屏幕当面出示。' },
    business_not_allowed: { reason: '这个码不能办这项业务。', next: '请出示办这项业务的码，或到服务台。' },
    revoked: { reason: '这份凭证已经停止使用。', next: '请联系签发机构，服务台可以告诉您怎么办。' },
    suspended: { reason: '这份凭证暂时停用。', next: '请联系签发机构恢复，服务台可以告诉您怎么办。' },
    status_unknown: { reason: '暂时查不到这份凭证的最新情况。', next: STAFF_WILL_CHECK },
    clock_behind: { reason: '窗口的设备时间不准，不是您的问题。', next: STAFF_WILL_CHECK },
    trust_list_stale: { reason: '窗口的核验资料太旧，不是您的问题。', next: STAFF_WILL_CHECK },
    status_list_stale: { reason: '窗口的资料有一段时间没有更新，不是您的问题。', next: STAFF_WILL_CHECK },
    rollback: { reason: '窗口收到的资料不是最新的。', next: STAFF_WILL_CHECK },
    wrong_list: { reason: '窗口收到的资料不对。', next: STAFF_WILL_CHECK },
    unknown_root: { reason: '窗口的资料还没有确认。', next: STAFF_WILL_CHECK },
  },
  actsFor: (delegate, person) => `${delegate} 代 ${person} 办理`,
};
