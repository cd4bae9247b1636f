/* The group’s page: a button that copies the link, where a browser can. */
"use strict";

for (const box of document.querySelectorAll("[data-copies]")) {
  const field = box.querySelector("input");
  const button = box.querySelector("button");
  const words = button.querySelector("span");
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    words.textContent = button.dataset.done;
  });
}
