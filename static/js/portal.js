/* Small comforts; nothing here is needed to read or to send. */
"use strict";

// Focus goes to what is to be mended, also where autofocus on a section is not known.
document.querySelector(".errors[tabindex]")?.focus();

// A link of the summary leads into the field, not only to its place.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errors a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  (field.closest(".q-field, fieldset") ?? field).scrollIntoView({ block: "start" });
});

// How many characters are left: seen always, read aloud only near the end.
for (const line of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(line.dataset.counts);
  const most = Number(line.dataset.most);
  if (!field || !most) continue;
  const near = most * 0.9;
  const tell = () => {
    const written = Array.from(field.value).length;
    line.textContent = line.dataset.words.replace("{n}", (most - written).toLocaleString(document.documentElement.lang));
    line.setAttribute("aria-live", written > near ? "polite" : "off");
  };
  field.addEventListener("input", tell);
  tell();
}

// One press is one press: a form that is on its way is not sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// Coming back by the browser's own button: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
