/* A question that waits for another is shown once that is answered so. Without this it says so itself, and is always there. */
"use strict";

const waiting = document.querySelectorAll("[data-waits-for]");

const said = (form, name) => {
  const box = form.elements[name];
  return box ? box.value.trim() : "";
};

const show = () => {
  // In the order of the page, and again until nothing changes: one may wait for another that waits itself.
  for (let round = 0; round < waiting.length; round += 1) {
    for (const one of waiting) {
      const form = one.closest("form");
      const first = document.getElementById(`ask-${one.dataset.waitsFor}`);
      one.hidden = first?.hidden || said(form, one.dataset.waitsFor) !== one.dataset.answer;
    }
  }
};

if (waiting.length) {
  document.addEventListener("change", show);
  document.addEventListener("input", show);
  show();
}
