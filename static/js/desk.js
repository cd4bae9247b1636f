/* Keys for the triage queue. Nothing here is needed: each key presses a link or button that is on the page.
   Stands in the head and listens at once: a key pressed while a page is on its way waits for it. */
"use strict";

const PREVIEW = 'a[href$="#case"]';
const CARRIED = "qulturum.keys";
let rows = null, at = -1, leaving = 0;
let waiting = [...(sessionStorage.getItem(CARRIED) || "")];
sessionStorage.removeItem(CARRIED);

// The mark goes ahead at once; the preview follows when the steps have stopped.
const step = (by) => {
  const [from, to] = [rows[at], rows[at + by]];
  if (!to) return;
  for (const row of [from, from?.nextElementSibling]) if (row === from || row?.matches(".dk-fl")) row?.classList.remove("sel");
  from?.removeAttribute("aria-current");
  to.classList.add("sel");
  to.setAttribute("aria-current", "true");
  to.scrollIntoView({ block: "nearest" });
  at += by;
  clearTimeout(leaving);
  leaving = setTimeout(() => to.querySelector(PREVIEW).click(), 120);
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  enter: () => rows[at]?.querySelector(`a:not(${PREVIEW})`)?.click(),
  "/": () => document.getElementById("s")?.select(),
  "?": () => {
    const help = document.querySelector("[data-shortcuts]");
    if (help) { help.open = !help.open; help.scrollIntoView({ block: "nearest" }); }
  },
};

const steps = ["j", "k", "enter"];
const press = (key) => {
  // What is pressed belongs to the page that is shown: while another is on its way the key goes with it.
  if (leaving && !steps.includes(key)) sessionStorage.setItem(CARRIED, (sessionStorage.getItem(CARRIED) || "") + key);
  else if (keys[key]) keys[key]();
  else document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
};

// What was pressed before the page was there. After the key for searching come letters, not keys.
const press_what_waited = () => {
  const search = waiting.indexOf("/");
  waiting.slice(0, search < 0 ? undefined : search + 1).forEach(press);
  const box = document.getElementById("s");
  if (search >= 0 && box && !leaving) box.value = waiting.slice(search + 1).filter((key) => key.length === 1).join("") || box.value;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, button, a, summary, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (!keys[key] && key.length !== 1) return;
  if (keys[key] && key !== "enter") event.preventDefault();
  if (rows) press(key); else waiting.push(key);
});

// Not sooner: the browser's own step to #case takes the focus away.
addEventListener("load", () => {
  rows = [...document.querySelectorAll(`[data-queue] ${PREVIEW}`)].map((link) => link.closest("tr"));
  at = rows.findIndex((row) => row.classList.contains("sel"));
  // The chosen row is in sight after a step.
  if (new URLSearchParams(location.search).has("pick")) rows[at]?.scrollIntoView({ block: "nearest" });
  press_what_waited();
});

// Back shows the page as it was left, and its keys work again.
addEventListener("pageshow", (event) => { if (event.persisted) { leaving = 0; sessionStorage.removeItem(CARRIED); } });
