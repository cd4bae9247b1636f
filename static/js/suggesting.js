/* What is suggested so far, told in the bar at the foot. Without this the bar says the same for all. */
"use strict";

const bar = document.querySelector("[data-bar]");
const form = bar?.closest("form");

if (form) {
  const heading = bar.querySelector("h2");
  const [yes, send] = bar.querySelectorAll(".btn");
  const boxes = form.querySelectorAll(".q-sugbox, .q-days, textarea[name=text]");

  const hasSomething = (box) =>
    box.matches("textarea")
      ? box.value.trim() !== ""
      : [...box.querySelectorAll("input, textarea")].some((field) =>
          field.type === "checkbox" ? field.checked : field.value.trim() !== "");

  const tell = () => {
    const count = [...boxes].filter(hasSomething).length;
    const { none, one, many } = bar.dataset;
    heading.textContent = count === 0 ? none : count === 1 ? one : many.replace("{n}", count);
    for (const [button, isFirst] of [[yes, !count], [send, count > 0]]) {
      button.classList.toggle("btn-primary", isFirst);
      button.classList.toggle("btn-line", !isFirst);
    }
  };

  form.addEventListener("input", tell);
  tell();
}
