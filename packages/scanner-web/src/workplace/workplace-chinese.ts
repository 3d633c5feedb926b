import type { WorkplaceWords } from './workplace-vocabulary.ts';

export const WORKPLACE_CHINESE: WorkplaceWords = {
  open: '设置',
  heading: '本机设置',
  means: '只对这台设备有效，换操作员不变。',
  mode: '用在哪里',
  modes: {
    counter: { name: '窗口', means: '服务大厅、药店的窗口。' },
    hospital: { name: '医院', means: '按步骤选择用码业务，结果可交给 HIS。' },
    kiosk: { name: '自助机', means: '群众自己用：全屏，20 秒后自动回到开始。长按左上角标志 3 秒可打开设置。' },
    phone: { name: '手机', means: '单手使用，按钮在下方。' },
    training: { name: '培训', means: '用样例码练习，不记录，也不询问服务。' },
  },
  windowNumber: '窗口号',
  windowNumberHint: '例如 3 或 A12；不用可留空。',
  windowNumberFault: '窗口号最多 12 个字符。',
  window: (number) => `${number} 号窗口`,
  elder: '大字版（适老）',
  voice: '语音播报结果',
  sound: '提示音',
  handOver: {
    label: '结果交给 HIS',
    off: '不交',
    ways: { http: 'HTTP，本机地址', websocket: 'WebSocket，本机地址', clipboard: '剪贴板' },
    address: '地址',
    addressHint: {
      http: '只能是本机，例如 http://127.0.0.1:9000/zhengma；服务须允许该地址（hand-over-origins）。',
      websocket: '只能是本机，例如 ws://127.0.0.1:9000/zhengma；服务须允许该地址（hand-over-origins）。',
    },
    addressFault: '地址须为本机（127.0.0.1 或 localhost），写明端口，不带参数。',
    template: '模板',
    templateHint:
      '可用 {receipt} {tone} {code} {checkedAt} {businessType} {operator} {window} {name} {idNumber} {text}；加 :csv 或 :json 按该格式转义。',
    templateFault: '模板里没有可用的占位符，或有写错的。',
    automatic: '有结果后自动交出',
    withCode: '同时交出码的全文',
    withCodeMeans: 'HIS 可凭它调用 ec.query。',
  },
  save: '保存',
  cancel: '取消',
};
