/* Two versions: says the result as it is chosen. Without it «Show the result» asks the portal. */
"use strict";

const form = document.querySelector("form[data-result]");
const told = form?.querySelector("[data-told]");
const short = (words) => (words.length > 60 ? `${words.slice(0, 59)}…` : words);

const tell = () => {
  const parts = [...form.querySelectorAll("fieldset[data-label]")].map((field) => {
    const words = field.querySelector("input:checked")?.closest("label").querySelector("[data-words]")?.textContent.trim() ?? "";
    return `${field.dataset.label}: ${short(words.replace(/\s+/g, " "))}`;
  });
  told.textContent = `${parts.join("; ")}.`;
};

if (form && told) {
  form.querySelector("[data-noscript]")?.setAttribute("hidden", "");
  form.addEventListener("change", tell);
}
