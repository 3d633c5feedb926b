/**
 * Constructed, because a policy of `style-src 'self'` refuses style elements and attributes that are written at run time.
 * Everything stands on white, also where the phone is dark: a code on a dark screen is not read.
 */
const RULES = `
:host {
  --ink: var(--zhengma-code-ink, #14211b);
  --soft: var(--zhengma-code-soft, #4a5a52);
  --accent: var(--zhengma-code-accent, #0a6b3d);
  --text: 18px;
  --target: 44px;
  display: block;
  color-scheme: only light;
  background: #fff;
  color: var(--ink);
  font: var(--text) / 1.4 var(--zhengma-code-font, system-ui, -apple-system, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif);
  overflow-wrap: anywhere;
}
:host([hidden]), [hidden] { display: none !important; }
:host([large]) { --text: 24px; --target: 60px; }
* { box-sizing: border-box; margin: 0; }

.people { display: flex; flex-wrap: wrap; gap: 8px; padding: 8px 12px; justify-content: center; }
button {
  min-block-size: var(--target); min-inline-size: var(--target); padding: 4px 18px; max-inline-size: 100%;
  border: 2px solid #8a9991; border-radius: var(--zhengma-code-radius, 14px);
  background: #fff; color: var(--ink); font: inherit; font-weight: 600; cursor: pointer; touch-action: manipulation;
}
button:focus-visible { outline: 4px solid #1a73e8; outline-offset: 2px; }
[role="tab"][aria-selected="true"] { border-color: var(--accent); background: var(--accent); color: #fff; }
[role="tab"][aria-selected="true"]::before { content: "✓ "; }
[role="tabpanel"]:focus-visible { outline: 4px solid #1a73e8; outline-offset: -4px; }

.stage { display: flex; flex-direction: column; align-items: center; gap: 6px; padding-block-end: 14px;
  background: #fff; text-align: center; touch-action: pan-y pinch-zoom; }
.frame { position: relative; display: grid; place-items: center; aspect-ratio: 1; background: #fff;
  inline-size: min(100%, var(--zhengma-code-size, 64svh)); min-inline-size: min(100%, 240px); }
.frame.message { aspect-ratio: auto; min-block-size: min(60vw, 280px); }
.enlargeable { cursor: zoom-in; }
.code { grid-area: 1 / 1; display: block; }
.trouble { grid-area: 1 / 1; display: grid; justify-items: center; gap: 10px; padding: 24px 20px; max-inline-size: 28em; }
.trouble svg { inline-size: 56px; block-size: 56px; fill: none; stroke: #8a4b00; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
.trouble-title { font-size: 1.35em; font-weight: 700; }
.waiting { color: var(--soft); grid-area: 1 / 1; }

.countdown { inline-size: min(86%, 22em); color: var(--soft); font-size: max(16px, 0.85em);
  font-variant-numeric: tabular-nums; }
.track { block-size: 6px; margin-block-end: 4px; border-radius: 3px; background: #d5ded9; overflow: hidden; }
.bar { block-size: 100%; inline-size: 100%; background: var(--accent); transform-origin: left; }
.facts { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 24px; }
.name { font-size: 1.5em; font-weight: 700; line-height: 1.25; }
.name span { font-weight: 500; font-variant-numeric: tabular-nums; }
.delegate, .uses { font-weight: 600; }
.scheme, .until { color: var(--soft); }
.notice { display: block; margin-inline: 12px; padding: 8px 14px; border-radius: 12px; background: #fff0c9; color: #3a2900; }
.name, .delegate, .uses, .scheme, .until, .hint { padding-inline: 16px; }
.hint { color: var(--soft); font-size: max(16px, 0.85em); }
.enlarge { margin-block-start: 4px; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.stage.enlarged { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; justify-content: safe center; }
.stage.enlarged .frame, .room { inline-size: min(100vw, calc(100dvh - 11em)); }
.stage.enlarged .frame { cursor: zoom-out; flex: none; }
.room { position: fixed; block-size: 0; visibility: hidden; }
.stage.enlarged :is(.scheme, .until, .hint) { display: none; }

/* A phone on its side: the words beside the code, or the code would be smaller than on the phone held upright. */
@media (orientation: landscape) and (max-height: 520px) {
  .stage, .stage.enlarged { display: grid; grid-template-columns: auto minmax(0, 1fr); align-content: center;
    justify-items: center; padding-inline: 12px; }
  .frame, .stage.enlarged .frame { grid-column: 1; grid-row: 1 / span 9; inline-size: min(100svh - var(--above, 0px), 60vw); }
  .people:not([hidden]) + .stage { --above: calc(var(--target) + 16px); }
  .stage.enlarged .frame, .room { inline-size: min(98dvh, 60vw); }
  .frame.message { inline-size: 100%; grid-column: 1 / -1; grid-row: auto; min-block-size: 0; }
}

@media (prefers-reduced-motion: no-preference) { .bar { transition: transform 1s linear; } .bar.full { transition: none; } }
@media (forced-colors: active) {
  .frame, .stage { forced-color-adjust: none; }
  [role="tab"][aria-selected="true"] { border-width: 4px; }
}
`;

let sheet: CSSStyleSheet | undefined;

/** One for all elements on a page. */
export function getStyleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(RULES);
  }
  return sheet;
}
