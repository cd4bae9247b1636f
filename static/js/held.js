/* How many were at a session: pressed without a network it is kept on the phone, and sent when there is one.
   Each press has a name of its own, so that sending it twice counts once. Without this the form is sent as a form. */
"use strict";

(() => {
  const SHELF = "qulturum.held";
  const form = document.querySelector("form[data-held]");
  const said = form.querySelector("[data-said]");

  const kept = () => JSON.parse(localStorage.getItem(SHELF) || "[]");
  const keep = (presses) => localStorage.setItem(SHELF, JSON.stringify(presses));

  // One press to the server: "done", "refused" with words, or "later".
  async function send(press) {
    const body = new URLSearchParams(press.body);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(press.url, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (!told || answer.redirected) return { state: "later", words: form.dataset.again };
      const words = await answer.json();
      return answer.ok ? { state: "done", words: words.said } : { state: "refused", words: words.problem };
    } catch {
      return { state: "later", words: form.dataset.kept };
    }
  }

  let underway = false;
  async function sendKept() {
    if (underway) return;
    underway = true;
    for (const press of kept()) {
      const answer = await send(press);
      said.textContent = answer.words;
      if (answer.state === "later") break;
      keep(kept().filter((one) => one.key !== press.key));
      if (answer.state === "done" && press.url === location.pathname) location.reload();
    }
    underway = false;
  }

  let plain = false;
  form.addEventListener("submit", (event) => {
    if (plain || !event.submitter) return;
    event.preventDefault();
    form.elements.key.value = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`.slice(0, 40);
    form.elements.pressed_at.value = new Date().toISOString();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    body.delete("csrfmiddlewaretoken"); // a name for this page's visit alone: the one of the page that sends is used
    const press = { key: form.elements.key.value, url: location.pathname, body: body.toString() };
    try {
      keep([...kept(), press]);
    } catch {
      plain = true; // a private window keeps nothing
      form.requestSubmit(event.submitter);
      return;
    }
    sendKept();
  });

  addEventListener("online", sendKept);
  sendKept();
})();
