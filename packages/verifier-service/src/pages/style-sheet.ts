/** The look of the landing page and the reference: large type, strong contrast, light and dark. */
export const STYLE_SHEET = `:root {
  color-scheme: light dark;
  --ink: light-dark(#14213d, #eef2f9);
  --faint: light-dark(#4a5568, #b6c2d6);
  --paper: light-dark(#ffffff, #10151f);
  --card: light-dark(#f4f7fb, #1a2230);
  --line: light-dark(#cfd8e6, #344054);
  --accent: light-dark(#0b5cad, #7db8ff);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1.125rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 2.25rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.125rem; margin: 0; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .5rem; }
.lead { color: var(--faint); font-size: 1.25rem; margin: 0; }
.doors { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin: 2rem 0; padding: 0; list-style: none; }
.doors a { display: block; min-height: 8rem; padding: 1.25rem; border: 2px solid var(--line); border-radius: 1rem;
  background: var(--card); color: inherit; text-decoration: none; }
.doors a:hover { border-color: var(--accent); }
.doors strong { display: block; font-size: 1.5rem; color: var(--accent); }
details { margin: .75rem 0; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); }
summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .75rem 1rem; min-height: 44px; cursor: pointer; }
details > div { padding: 0 1rem 1rem; }
.method { min-width: 3.5rem; padding: .1rem .5rem; border-radius: .4rem; background: var(--accent); color: var(--paper);
  font: 700 .875rem/1.6 ui-monospace, monospace; text-align: center; }
.role { color: var(--faint); font-size: .95rem; }
code, pre { font-family: ui-monospace, "SF Mono", Consolas, monospace; font-size: .95rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .75rem 1rem; border-radius: .5rem; border: 1px solid var(--line); background: var(--paper); }
table { width: 100%; border-collapse: collapse; font-size: 1rem; }
th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tr:target { background: var(--card); outline: 2px solid var(--accent); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); color: var(--faint); font-size: 1rem; }
`;
