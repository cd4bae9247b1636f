/* The step «when» looks again by itself when what is asked for changes. Without it there is the button. */
"use strict";

{
  const form = document.getElementById("when");
  const answers = ["about", "headline", "months", "calendar", "why", "dates", "beside"];
  const waiting = new Set();
  let latest = 0;
  let pressed = false;

  // The page's own address, with all that is written on it now; nothing is kept.
  const address = () => {
    const asked = new URLSearchParams(new FormData(form));
    for (const name of ["csrfmiddlewaretoken", "draft", "seen", "version"]) asked.delete(name);
    if (new URLSearchParams(location.search).has("change")) asked.set("change", "1");
    return `?${asked}`;
  };

  // Whoever has gone on by keyboard while the answer came stands where they stood, with what they chose.
  const stand = (held) => {
    if (held.isConnected || !held.name) return;
    const same = form.querySelector(`[name="${held.name}"][value="${CSS.escape(held.value)}"]`);
    if (same && held.checked) same.checked = true;
    same?.focus({ preventScroll: true });
  };

  // A key or a finger that is down belongs to what lies under it: that is not taken away before it is up.
  for (const down of ["keydown", "pointerdown"]) form?.addEventListener(down, () => (pressed = true));
  for (const up of ["keyup", "pointerup", "pointercancel", "blur"]) {
    addEventListener(up, () => setTimeout(() => { pressed = false; dispatchEvent(new Event("released")); }));
  }
  const released = () => pressed && new Promise((go) => addEventListener("released", go, { once: true }));

  const look = async (ids) => {
    const turn = ++latest;
    for (const id of ids) waiting.add(id);
    const asked = address();
    const answer = await fetch(asked).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await released();
    if (turn !== latest) return;
    const held = document.activeElement;
    for (const id of waiting) {
      const fresh = page.getElementById(id);
      // What is in the element changes, not the element: a live region is read aloud only so.
      if (fresh) document.getElementById(id)?.replaceChildren(...fresh.childNodes);
    }
    waiting.clear();
    stand(held);
    history.replaceState(null, "", asked);
  };

  // What was changed before this began, on a slow network or by going back, is looked at once.
  const differs = (field) =>
    field.options
      ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
      : field.value !== field.defaultValue;
  if ([...(form?.querySelectorAll(".q-reckon input:not([type=hidden]), .q-reckon select") ?? [])].some(differs)) look(answers);

  form?.addEventListener("change", (event) => {
    if (event.target.closest(".q-reckon")) look(answers);
    else if (event.target.name === "first") look(["dates"]);
  });
}
