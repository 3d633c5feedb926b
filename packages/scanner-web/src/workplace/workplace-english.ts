import type { WorkplaceWords } from './workplace-vocabulary.ts';

export const WORKPLACE_ENGLISH: WorkplaceWords = {
  open: 'Settings',
  heading: 'Settings of this device',
  means: 'For this device alone, whoever works at it.',
  mode: 'Where it stands',
  modes: {
    counter: { name: 'Counter', means: 'A window of a service hall or a pharmacy.' },
    hospital: { name: 'Hospital', means: 'The errand is chosen by step; results can be handed over to the HIS.' },
    kiosk: {
      name: 'Kiosk',
      means:
        'People use it themselves: full screen, back to the start after 20 seconds. Press the logo at the top for 3 seconds for the settings.',
    },
    phone: { name: 'Phone', means: 'For one hand, with the buttons at the bottom.' },
    training: { name: 'Training', means: 'Practice with specimen codes: nothing is recorded, no service is asked.' },
  },
  windowNumber: 'Window number',
  windowNumberHint: 'As 3 or A12; may be left empty.',
  windowNumberFault: 'A window number has at most 12 characters.',
  window: (number) => `Window ${number}`,
  elder: 'Large print, for older people',
  voice: 'Speak the result',
  sound: 'Sound',
  handOver: {
    label: 'Hand results over to the HIS',
    off: 'No',
    ways: { http: 'HTTP on this machine', websocket: 'WebSocket on this machine', clipboard: 'Clipboard' },
    address: 'Address',
    addressHint: {
      http: 'On this machine only, as http://127.0.0.1:9000/zhengma; the service has to allow it (hand-over-origins).',
      websocket:
        'On this machine only, as ws://127.0.0.1:9000/zhengma; the service has to allow it (hand-over-origins).',
    },
    addressFault: 'It has to be on this machine (127.0.0.1 or localhost), with a port and without a query.',
    template: 'Template',
    templateHint:
      'May name {receipt} {tone} {code} {checkedAt} {businessType} {operator} {window} {name} {idNumber} {text}; with :csv or :json it is escaped for that.',
    templateFault: 'It names nothing that there is, or something that there is not.',
    automatic: 'As soon as there is a result',
    withCode: 'With the text of the code',
    withCodeMeans: 'By it the HIS can call ec.query.',
    button: 'Hand over to the HIS',
    key: 'Key H',
    sending: 'Handing over…',
    outcome: {
      taken: 'Handed over.',
      refused: 'The HIS did not take it. Enter it there by hand, and tell the administrator.',
      silent: 'The HIS does not answer. Is it open, and may the browser reach this machine? Then press again.',
      not_allowed: 'The service does not allow this address. The administrator sets hand-over-origins.',
      not_copied: 'The browser does not let the page copy. Click into the page, then press again.',
    },
  },
  steps: 'Steps of the visit',
  slip: {
    print: 'Print a slip',
    heading: 'Slip of a check',
    result: 'Result',
    businessType: 'Errand',
    time: 'Time',
    place: 'Place',
    receipt: 'Receipt',
  },
  left: 'Time left',
  training: {
    mark: 'Training, not valid',
    means:
      'Specimens are no credentials: nothing is recorded and no service is asked. A real code is never valid here.',
    specimens: 'Practise with a specimen:',
    specimen: {
      presented: 'Shown by phone',
      paper: 'On paper',
      unchecked: 'Status unknown',
      copy: 'Screenshot, copy',
      expired: 'Expired',
      revoked: 'Revoked',
      forged: 'Forged',
      official: 'Official code',
    },
  },
  log: {
    open: 'Log',
    heading: 'Scans of this shift',
    means:
      'In the memory of this page alone, at most 2000; cleared by signing out, a change of shift, and when the page is reloaded or closed.',
    search: 'Find a name, a result, an errand, a receipt',
    count: (found, all) => (found === all ? `${all} in all` : `${found} of ${all}`),
    close: 'Close',
  },
  desk: 'Operator and lists',
  save: 'Save',
  cancel: 'Cancel',
};
