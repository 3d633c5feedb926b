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
  },
  save: 'Save',
  cancel: 'Cancel',
};
