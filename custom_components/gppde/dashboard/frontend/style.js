export const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host {
  display: block;
  --accent: var(--primary-color);
  --faint: color-mix(in srgb, var(--secondary-text-color) 45%, transparent);
}
[hidden] { display: none !important; }
ha-card { container-type: inline-size; height: 100%; box-sizing: border-box; }
h2, h3, p, figure, blockquote, ul { margin: 0; padding: 0; }
h2, h3 { font-size: 1rem; font-weight: var(--ha-font-weight-medium, 500); }
small, time, .head p { color: var(--secondary-text-color); font-size: 0.875rem; }
.problem { padding: 16px; color: var(--secondary-text-color); }
.content { display: grid; gap: 20px; padding: 16px; }
button { font: inherit; color: inherit; border: 0; background: none; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button:disabled, button[aria-disabled="true"] { opacity: 0.5; cursor: default; }

.head { display: flex; align-items: center; gap: 12px; }
.head > div:nth-child(2) { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.face {
  display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%;
  color: var(--accent); background: color-mix(in srgb, var(--accent) 18%, transparent);
}
[role="switch"] {
  display: flex; align-items: center; gap: 8px; min-height: 44px; border-radius: 8px;
  font-size: 0.875rem;
}
[role="switch"] i {
  width: 36px; height: 20px; padding: 2px; border-radius: 12px; box-sizing: border-box;
  border: 2px solid var(--secondary-text-color);
}
[role="switch"] i::after {
  content: ""; display: block; width: 12px; height: 12px; border-radius: 50%;
  background: var(--secondary-text-color);
}
[role="switch"][aria-checked="true"] i { background: var(--accent); border-color: var(--accent); }
[role="switch"][aria-checked="true"] i::after {
  margin-inline-start: auto; background: var(--card-background-color, #fff);
}

.said { display: grid; gap: 12px; align-content: start; }
figure {
  position: relative; display: flex; gap: 8px; padding: 12px 8px 12px 16px; border-radius: 16px;
  background: color-mix(in srgb, var(--accent) 10%, transparent);
}
figure::before {
  content: ""; position: absolute; inset: auto auto 100% 14px; width: 14px; height: 9px;
  background: inherit; clip-path: polygon(35% 0, 0 100%, 100% 100%);
}
figure > div { flex: 1; min-width: 0; overflow-wrap: anywhere; }
blockquote { font-size: 1.25rem; line-height: 1.4; }
blockquote.none { font-size: 1rem; color: var(--secondary-text-color); }
figcaption { display: flex; flex-wrap: wrap; gap: 0 12px; }
time, li small { display: inline-block; }
time::first-letter, li small::first-letter { text-transform: uppercase; }
.action {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px;
  min-height: 44px; padding: 0 16px; border-radius: 22px;
  font-weight: var(--ha-font-weight-medium, 500);
  background: color-mix(in srgb, var(--accent) 16%, transparent);
}
.action ha-icon { color: var(--accent); --mdc-icon-size: 20px; }
.action:hover:not([aria-disabled="true"]) {
  background: color-mix(in srgb, var(--accent) 26%, transparent);
}

.stock { display: grid; gap: 10px; align-content: start; }
.shelf {
  display: flex; align-items: flex-end; gap: min(4px, 1cqi); height: 48px;
  border-bottom: 2px solid var(--divider-color);
}
.door {
  flex: 1 1 0; max-width: 32px; height: 40px; box-sizing: border-box;
  border: 1.5px solid var(--accent); border-bottom: 0; border-radius: 25% 25% 0 0 / 16% 16% 0 0;
  background:
    radial-gradient(circle at 74% 56%, var(--card-background-color) 1.5px, transparent 2px),
    linear-gradient(to top, var(--accent) var(--share), transparent var(--share));
}
.door.empty { border-style: dashed; border-color: var(--faint); background: none; }
.mark { align-self: stretch; border-inline-start: 2px dotted var(--secondary-text-color); }
.low { --accent: var(--warning-color); }
.refill { display: grid; grid-template-columns: 1fr auto; gap: 8px 12px; align-items: center; }
.refill p { display: grid; gap: 2px; }
.refill strong { font-weight: inherit; }
.bar {
  grid-column: 1 / -1; height: 6px; border-radius: 3px;
  background: linear-gradient(to right, var(--accent) var(--done), var(--divider-color) var(--done));
}
.refill .error {
  grid-column: 1 / -1; display: flex; align-items: center; gap: 8px; font-size: 0.875rem;
}
.error ha-icon { color: var(--error-color); --mdc-icon-size: 20px; }
time:empty { display: none; }

.earlier ul { list-style: none; margin-top: 4px; }
.earlier li { display: flex; align-items: center; gap: 4px; padding: 4px 0; }
.earlier li > div { min-width: 0; overflow-wrap: anywhere; }
.earlier .again { margin-inline-start: -12px; }
.again {
  flex: none; display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%;
  color: var(--accent);
}
.again ha-icon { --mdc-icon-size: 22px; }
.again:hover { background: color-mix(in srgb, var(--accent) 16%, transparent); }
.herald { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

@container (min-width: 560px) {
  .content { grid-template: "head head" "said stock" "earlier stock" 1fr / 3fr 2fr; gap: 20px 32px; }
  .head { grid-area: head; }
  .said { grid-area: said; }
  .stock { grid-area: stock; }
  .earlier { grid-area: earlier; }
}
@media (prefers-reduced-motion: no-preference) {
  .filling .empty { animation: knock 1.6s ease-in-out infinite alternate; }
  @keyframes knock { to { border-color: var(--accent); } }
}
@media (forced-colors: active) {
  .door:not(.empty), [role="switch"][aria-checked] i::after { background: CanvasText; }
  .bar {
    forced-color-adjust: none; border: 1px solid CanvasText; --accent: CanvasText;
    --divider-color: Canvas;
  }
  .action, .again { border: 1px solid ButtonText; }
}
`);
