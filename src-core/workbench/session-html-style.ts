/** How the page of a mailed session looks: the colours of the workbench in both themes, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --bg: #fff; --ink: #1b2230; --muted: #5a6576; --line: #dde1e7; --sunken: #eef0f3;
  --ok: #11683f; --ok-soft: #e0f3e9; --bad: #b3261e; --bad-soft: #fce8e6; --up: #7a3fb8; --down: #0b62d6; }
@media (prefers-color-scheme: dark) { :root { --bg: #191d25; --ink: #e7ebf2; --muted: #96a1b3; --line: #2b3240;
  --sunken: #14171d; --ok: #5fcf9b; --ok-soft: #16332a; --bad: #ff8f85; --bad-soft: #3d1d1c; --up: #c9a2f5; --down: #6aa8ff; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px; background: var(--bg); color: var(--ink); font: 13px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main, footer { max-width: 1280px; margin: 0 auto; }
h1 { font-size: 18px; margin: 0 0 12px; } h2 { font-size: 14px; margin: 24px 0 8px; } h3 { font-size: 12px; margin: 16px 0 4px; color: var(--muted); }
dl { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 4px 12px; margin: 0; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; white-space: nowrap; font-weight: 500; font-size: 11px; color: var(--muted); }
th, td { padding: 4px 8px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.ladder td:nth-child(-n + 4), .ladder td:nth-child(n + 7) { white-space: nowrap; }
.mono, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 12px; }
.pill { display: inline-block; padding: 0 8px; border-radius: 10px; font-size: 11px; font-weight: 600; }
.ok { color: var(--ok); background: var(--ok-soft); } .bad { color: var(--bad); background: var(--bad-soft); }
.up { color: var(--up); font-weight: 700; } .down { color: var(--down); font-weight: 700; } a { color: var(--down); }
details { border: 1px solid var(--line); border-radius: 6px; margin: 8px 0; padding: 8px 12px; } summary { cursor: pointer; font-weight: 600; }
pre { margin: 0; padding: 8px 12px; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: 8px 0; padding-left: 18px; color: var(--muted); } footer { margin-top: 24px; color: var(--muted); }
@media print { details::details-content { content-visibility: visible; block-size: auto; } }
`;
