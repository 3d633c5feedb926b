import pageRules from '../app/scan.css?inline';
import lookRules from '../look/look.css?inline';
import { fitElement } from './shadow-rules.ts';

/**
 * What an embedding page can choose, and where an element differs from a page. A constructed sheet: a strict policy forbids
 * style elements and attributes that are written at run time.
 */
const OWN_RULES = `
:host {
  display: block;
  container-type: inline-size;
  --brand: var(--zhengma-scanner-accent, #0a6b3d);
  --paper: var(--zhengma-scanner-paper, transparent);
  --ink: var(--zhengma-scanner-ink, #14211b);
  --text: var(--zhengma-scanner-text, 22px);
  --text-small: max(16px, calc(var(--text) * 0.8));
}
:host([hidden]) { display: none; }
.page {
  min-height: 0;
  gap: 8px;
  padding-block: 12px;
  border-radius: var(--zhengma-scanner-radius, 20px);
  overflow: clip;
  font-family: var(--zhengma-scanner-font, system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
    "Noto Sans SC", sans-serif);
}
.page[data-tone] { background: var(--tone); }
.lists-bar { margin: 0; padding-inline: 16px; }
.lists-lines { flex: 1; align-items: flex-start; }
.viewfinder { flex: none; min-height: 0; height: var(--zhengma-scanner-height, clamp(320px, 75cqw, 60svh)); }
/* What is wrong with the reader is said where the picture would be. */
.without-camera .scan:not([data-camera="problem"]) .viewfinder, .without-file .choose { display: none; }
.verdict { padding-inline: 16px; }
.verdict h1, .verdict[data-tone="valid"] h1, .verdict[data-tone="refused"] h1 { font-size: clamp(40px, 9cqw, 96px); }
.next { position: static; box-shadow: none; }
/* Here the keys are the page's, but for those of the button that has the focus. */
.next:not(:focus) small { display: none; }
@container (max-width: 820px) {
  .lists-checked, .lists-offline span, .lists-refresh span { position: static; width: auto; height: auto; clip-path: none; }
  .lists-bar { flex: none; flex-wrap: wrap; }
}
`;

let sheets: readonly CSSStyleSheet[] | undefined;

/** The same for all elements on a page: the scanner's own look, and what an element has beside it. */
export function getStyleSheets(): readonly CSSStyleSheet[] {
  sheets ??= [fitElement(lookRules + pageRules), OWN_RULES].map((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    return sheet;
  });
  return sheets;
}
