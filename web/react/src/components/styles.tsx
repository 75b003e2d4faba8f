/*
 * The kit's own look, small and easy to overrule: `:where()` weighs nothing, so any class wins over it, and colours
 * come from custom properties that default to the text around. React hoists the sheet into the head, once.
 */
const css = `
:where(.shopbell-badge) { position: relative; display: inline-grid; place-items: center; inline-size: 2.75rem;
  block-size: 2.75rem; padding: 0; border: 0; border-radius: 0.75rem; background: transparent; color: inherit; cursor: pointer; }
:where(.shopbell-badge:hover) { background: color-mix(in srgb, currentColor 8%, transparent); }
:where(.shopbell-badge-count) { position: absolute; inset-block-start: 0.25rem; inset-inline-start: 1.375rem; box-sizing: border-box;
  min-inline-size: 1.125rem; block-size: 1.125rem; padding-inline: 0.25rem; border-radius: 1rem; text-align: center;
  font-size: 0.6875rem; font-weight: 700; line-height: 1.125rem; font-variant-numeric: tabular-nums;
  background: var(--shopbell-accent, #b3261e); color: var(--shopbell-on-accent, #fff); }
:where(.shopbell-status) { display: inline-flex; align-items: center; gap: 0.4375rem; font-size: 0.8125rem; white-space: nowrap; }
:where(.shopbell-status)::before { content: ''; inline-size: 0.5rem; block-size: 0.5rem; border-radius: 50%;
  background: var(--shopbell-status, var(--shopbell-waiting, #b7791f)); }
:where(.shopbell-status[data-status='connected']) { --shopbell-status: var(--shopbell-live, #2f855a); }
:where(.shopbell-status[data-status='offline'], .shopbell-status[data-status='unauthorized']) {
  --shopbell-status: var(--shopbell-down, #c53030); }
:where(.shopbell-inbox-list) { margin: 0; padding: 0; list-style: none; }
:where(.shopbell-inbox-head, .shopbell-inbox-item) { display: flex; align-items: flex-start; gap: 0.5rem; }
:where(.shopbell-inbox-item) { border-block-end: 1px solid color-mix(in srgb, currentColor 12%, transparent); }
:where(.shopbell-inbox-open) { flex: 1; min-inline-size: 0; padding: 0.75rem; border: 0; background: transparent; color: inherit;
  font: inherit; text-align: start; cursor: pointer; }
:where(.shopbell-inbox-item[data-unread] .shopbell-inbox-title) { font-weight: 700; }
:where(.shopbell-inbox-title, .shopbell-inbox-message, .shopbell-inbox-time) { display: block; }
:where(.shopbell-avatars) { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
:where(.shopbell-person) { position: relative; display: grid; justify-items: center; gap: 0.125rem; font-size: 0.75rem; }
:where(.shopbell-avatar) { position: relative; display: grid; place-items: center; inline-size: 2rem; block-size: 2rem;
  border-radius: 50%; font-size: 0.75rem; font-weight: 700; background: var(--shopbell-avatar, #dde5e1);
  color: var(--shopbell-on-avatar, #17211d); }
:where(.shopbell-avatar)::before { content: attr(data-initials); }
:where(.shopbell-avatar[data-status])::after { content: ''; position: absolute; inset-block-end: -1px; inset-inline-end: -1px;
  box-sizing: border-box; inline-size: 0.6875rem; block-size: 0.6875rem; border: 2px solid var(--shopbell-ground, #fff); border-radius: 50%;
  background: var(--shopbell-live, #2f855a); }
:where(.shopbell-avatar[data-status='editing'])::after { background: var(--shopbell-waiting, #b7791f); }
:where(.shopbell-avatar:is([data-status='idle'], [data-status='away'])) { opacity: 0.6; }
:where(.shopbell-avatar:is([data-status='idle'], [data-status='away']))::after { background: #8a9a93; }
:where(.shopbell-hidden) { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
:where(.shopbell-typing) { display: flex; align-items: center; gap: 0.5rem; min-block-size: 1.375rem; margin: 0; font-size: 0.8125rem; }
:where(.shopbell-dots) { display: inline-flex; gap: 0.1875rem; }
:where(.shopbell-dots i) { inline-size: 0.3125rem; block-size: 0.3125rem; border-radius: 50%; background: currentColor;
  animation: shopbell-dot 1.2s infinite; }
:where(.shopbell-dots i:nth-child(2)) { animation-delay: 0.2s; }
:where(.shopbell-dots i:nth-child(3)) { animation-delay: 0.4s; }
@keyframes shopbell-dot { 0%, 60%, 100% { opacity: 0.3; } 30% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { :where(.shopbell-dots i) { animation: none; } }
`;

/** Put by every component of the kit; React keeps one. */
export function Styles() {
  return (
    <style href="shopbell-react" precedence="low">
      {css}
    </style>
  );
}
