import '../look/stop-if-old.ts';
import { recallLanguage } from '../look/language-choice.ts';
import { isScannerOpen, openScreenReceiver } from '../second-screen/screen-link.ts';
import { openWorkplaceStore } from '../workplace/workplace-store.ts';
import { createPatientPage } from './patient-page.ts';
import { advancePatient, openPatient, type PatientEvent } from './patient-state.ts';
import '../look/look.css';
import './patient.css';
import '../look/elder.css';

const LOOK_SECONDS = 1;

const page = createPatientPage(document.body, dispatch);
const workplaces = openWorkplaceStore('', ({ elder }) => dispatch({ kind: 'elder_chosen', elder }));
let state = openPatient({ language: recallLanguage(), elder: workplaces.load().elder }, new Date());
page.show(state);

openScreenReceiver((message) => dispatch({ kind: 'told', message, currentDate: new Date() }));
lookForScanner();
setInterval(lookForScanner, LOOK_SECONDS * 1000);

function dispatch(event: PatientEvent): void {
  const before = state;
  state = advancePatient(before, event);
  if (state !== before) page.show(state);
}

async function lookForScanner(): Promise<void> {
  const isOpen = await isScannerOpen();
  dispatch({ kind: 'scanner_looked_for', isOpen, currentDate: new Date() });
}
