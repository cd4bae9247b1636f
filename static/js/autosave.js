/* What is typed is kept every twenty seconds, and when the page is left. Without this every button still keeps it. */
"use strict";

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const line = form.querySelector("[data-saved]");
  const unsaid = ["csrfmiddlewaretoken", "draft", "seen"];
  let underway = null;
  let stopped = false;

  const words = () => {
    const said = new FormData(form);
    for (const name of unsaid) said.delete(name);
    return new URLSearchParams(said).toString();
  };
  let kept = words();

  const tell = (sentence, problem) => {
    line.textContent = sentence;
    // Read aloud only when something is wrong: «Saved 14.02» every twenty seconds would talk into the writing.
    line.setAttribute("aria-live", problem ? "polite" : "off");
  };

  const send = async (now, leaving) => {
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, keepalive: leaving });
      const said = await answer.json();
      stopped = answer.status === 409;
      if (!answer.ok) return tell(said.problem, true);
      kept = now;
      if (!said.saved) return;
      form.elements.draft.value = said.draft;
      form.elements.seen.value = said.seen;
      tell(said.saved, false);
    } catch {
      tell(form.dataset.alone, true); // no network: the next try comes by itself
    }
  };

  const keep = (leaving = false) => {
    const now = words();
    if (stopped || underway || now === kept) return;
    underway = send(now, leaving).finally(() => (underway = null));
  };

  setInterval(keep, 20000);
  document.addEventListener("visibilitychange", () => document.hidden && keep(true));
  addEventListener("pagehide", () => keep(true));

  // A button waits for what is on its way, so that the page is not taken for somebody else's.
  form.addEventListener("submit", (event) => {
    stopped = true;
    if (!underway) return;
    event.preventDefault();
    event.stopPropagation();
    underway.finally(() => form.requestSubmit(event.submitter));
  });
  // So does a link: the page behind it is made of what is kept.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || event.defaultPrevented || link.target || link.origin !== location.origin) return;
    if (link.getAttribute("href").startsWith("#")) return;
    keep(true);
    if (!underway) return;
    event.preventDefault();
    const patience = new Promise((go) => setTimeout(go, 3000));
    Promise.race([underway, patience]).then(() => location.assign(link.href));
  });
  addEventListener("pageshow", () => (stopped = false));
}
