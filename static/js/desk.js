/* Keys for the triage queue. Nothing here is needed: each key presses a link or button that is on the page. */
"use strict";

const OFF = "qulturum-keys-off";
const stored = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
const switchOff = document.querySelector("[data-keys-off]");
const rows = [...document.querySelectorAll("[data-queue] [data-open]")].map((link) => link.closest("tr"));
const chosen = () => rows.findIndex((row) => row.classList.contains("sel"));

if (switchOff) {
  switchOff.checked = stored() === "yes";
  switchOff.addEventListener("change", () => {
    try { localStorage.setItem(OFF, switchOff.checked ? "yes" : "no"); } catch { /* kept for this page only */ }
  });
}

const step = (by) => {
  const row = rows[chosen() + by];
  row?.querySelector("[data-pick]")?.click();
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  "?": () => { const help = document.querySelector("[data-shortcuts]"); if (help) help.open = !help.open; },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || switchOff?.checked) return;
  if (event.target.closest("input, select, textarea, button, a, summary")) return;
  if (event.key === "Enter") rows[chosen()]?.querySelector("[data-open]")?.click();
  else if (keys[event.key]) keys[event.key]();
  else document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
});

// The chosen row is in sight after a step.
if (new URLSearchParams(location.search).has("pick")) rows[chosen()]?.scrollIntoView({ block: "nearest" });
