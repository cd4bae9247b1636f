/* The agenda on the Plan tab. Nothing here is needed: it says what is not saved, warns before it is lost,
   and lets a row be dragged to where one of its two buttons would bring it. */
"use strict";

const agenda = document.querySelector("[data-agenda]");
const status = document.querySelector("[data-agenda-status]");
let unsaved = false;

if (agenda && status) {
  // What has just been done is heard: a live region tells only what comes into it after the page is there.
  const said = [...document.querySelectorAll(".q-said p")].map((line) => line.textContent).join(" ");
  if (said) setTimeout(() => { status.prepend(document.createTextNode(`${said} `)); }, 150);

  agenda.addEventListener("input", (event) => {
    unsaved = true;
    event.target.closest("[data-row]")?.classList.add("dk-unsaved");
    if (status.textContent !== status.dataset.unsaved) status.textContent = status.dataset.unsaved;
  });
  agenda.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  const rows = [...agenda.querySelectorAll("[data-row]:not(.open)")];
  let dragged = null;
  for (const row of rows) {
    row.querySelector(".t").draggable = true;
    row.addEventListener("dragstart", (event) => { dragged = row; event.dataTransfer.effectAllowed = "move"; });
    row.addEventListener("dragover", (event) => {
      if (dragged && Math.abs(rows.indexOf(row) - rows.indexOf(dragged)) === 1) event.preventDefault();
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      const way = rows.indexOf(row) < rows.indexOf(dragged) ? "earlier" : "later";
      dragged.querySelector(`[value^="${way}-"]`).click();
    });
  }
}
