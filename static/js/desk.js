/* Keys for the triage queue. Nothing here is needed: each key presses a link or button that is on the page.
   A step fetches the next preview into the page instead of leaving it: between two pages a browser lets keys fall. */
"use strict";

const PREVIEW = 'a[href$="#case"]';
const OF_THE_CHOSEN = ["#case", "#taking", ".dk-pagefoot"]; // all that differs from one chosen request to the next
let rows = null, at = -1, timer = 0;
let shown = true; // the preview is of the row that is marked
let left = false; // a deed has been pressed and its page is on its way
let waiting = [];

// The mark goes ahead at once; the preview follows when the steps have stopped.
const step = (by) => {
  const [from, to] = [rows[at], rows[at + by]];
  if (!to) return;
  for (const row of [from, from?.nextElementSibling]) if (row === from || row?.matches(".dk-fl")) row?.classList.remove("sel");
  from?.removeAttribute("aria-current");
  to.classList.add("sel");
  if (to.nextElementSibling?.matches(".dk-fl")) to.nextElementSibling.classList.add("sel");
  to.setAttribute("aria-current", "true");
  to.scrollIntoView({ block: "nearest" });
  at += by;
  shown = false;
  clearTimeout(timer);
  timer = setTimeout(() => show(to), 120);
};

const show = async (row) => {
  const address = row.querySelector(PREVIEW).href;
  const answer = await fetch(address).catch(() => null);
  const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text().catch(() => ""), "text/html") : null;
  if (row !== rows[at]) return; // another step was taken since
  // Signed out, no network, gone: the page itself says so.
  if (!page?.querySelector("#case")) { left = true; location.assign(address); return; }
  for (const part of OF_THE_CHOSEN) document.querySelector(part).replaceWith(page.querySelector(part));
  history.replaceState(history.state, "", address);
  shown = true;
  if (document.activeElement === document.body) document.getElementById("case").focus({ preventScroll: true });
  press_what_waited();
};

const leave_by = (pressed) => {
  if (pressed) { left = true; pressed.click(); }
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  enter: () => leave_by(rows[at]?.querySelector(`a:not(${PREVIEW})`)),
  "/": () => document.getElementById("s")?.select(),
  "?": () => {
    const help = document.querySelector("[data-shortcuts]");
    if (help) { help.open = !help.open; help.scrollIntoView({ block: "nearest" }); }
  },
};
const steps = ["j", "k", "enter"];

// A deed is for the request whose preview is shown: until it is there the key waits, and all after it.
const press_what_waited = () => {
  while (waiting.length && !left && (shown || steps.includes(waiting[0]))) {
    const key = waiting.shift();
    if (keys[key]) keys[key]();
    else leave_by(document.querySelector(`[data-key="${CSS.escape(key)}"]`));
    // After the key for searching come letters, not keys.
    if (key === "/" && waiting.length) document.getElementById("s").value = waiting.splice(0).filter((letter) => letter.length === 1).join("");
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, button, a, summary, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (!keys[key] && key.length !== 1) return;
  if (keys[key] && key !== "enter") event.preventDefault();
  waiting.push(key);
  if (rows) press_what_waited();
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
addEventListener("pageshow", (event) => { if (event.persisted) { left = false; waiting = []; } });
