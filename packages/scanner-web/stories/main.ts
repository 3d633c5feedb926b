import { createPatientScreenButton } from '../src/app/patient-screen-button.ts';
import { createScanPage } from '../src/app/scan-page.ts';
import type { Language } from '../src/words/language.ts';
import { createSettings } from '../src/workplace/settings-dialog.ts';
import { STORIES } from './stories.ts';
import '../src/look/look.css';
import '../src/app/scan.css';
import '../src/look/elder.css';

const nothing = () => undefined;
const page = createScanPage(document.body, nothing, {
  onRetry: nothing,
  onCamera: nothing,
  onFocus: nothing,
  onRefresh: nothing,
});
const patientScreen = createPatientScreenButton();
const settings = createSettings(nothing, nothing);
page.placeInHeader([patientScreen.button, settings.button]);

/** For a test that walks through them. */
declare global {
  interface Window {
    stories: { readonly names: readonly string[]; tell(name: string, language: Language): void };
  }
}

window.stories = { names: [...STORIES.keys()], tell };

// To look at one: #name, and #name/en.
addEventListener('hashchange', tellAddressed);
tellAddressed();

function tellAddressed(): void {
  const [name = '', language] = decodeURIComponent(location.hash.slice(1)).split('/');
  tell(STORIES.has(name) ? name : 'looking', language === 'en' ? 'en' : 'zh-CN');
}

function tell(name: string, language: Language): void {
  const state = STORIES.get(name);
  if (!state) throw new Error(`there is no story “${name}”`);
  page.show({ ...state, language });
  patientScreen.show(language, false);
  settings.show(language, state.workplace);
}
