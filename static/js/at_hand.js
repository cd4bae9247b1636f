/* The days of a visit: what is now follows the phone's clock, and the pages are kept for when there is no network.
   Without this script the page is right when it is fetched. */
"use strict";

(() => {
  const told = document.currentScript.dataset;
  const STOCKHOLM = "Europe/Stockholm";

  function clock(moment, zone) {
    const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
    return new Intl.DateTimeFormat("en-GB", parts).format(moment).replace(":", ".");
  }

  // Beside a Swedish time the one where the reader is, when that is another.
  function zones() {
    for (const time of document.querySelectorAll(".slot time[datetime], time[data-both]")) {
      const moment = new Date(time.dateTime);
      const here = clock(moment);
      if (here === clock(moment, STOCKHOLM) || !told.zone) continue;
      const beside = document.createElement("small");
      beside.className = "q-zone";
      beside.textContent = `(${here})`;
      beside.setAttribute("aria-label", told.zone.replace("{time}", here));
      beside.setAttribute("role", "note");
      time.append(" ", beside);
      for (const line of document.querySelectorAll("[data-zones]")) line.hidden = false;
    }
  }

  function holds(element, now) {
    const { begins, ends } = element.dataset;
    return (!begins || Date.parse(begins) <= now) && (!ends || now < Date.parse(ends));
  }

  function left(element, now) {
    const minutes = Math.max(1, Math.ceil((Date.parse(element.dataset.until) - now) / 60000));
    element.textContent = (minutes === 1 ? element.dataset.one : element.dataset.many).replace("{n}", minutes);
  }

  function row(element, now) {
    const is_now = holds(element, now);
    const is_done = Date.parse(element.dataset.ends) <= now;
    element.classList.toggle("q-done", is_done);
    element.classList.toggle("q-is-now", is_now);
    if (is_now) element.setAttribute("aria-current", "time");
    else element.removeAttribute("aria-current");
    element.querySelector("[data-is-now]").hidden = !is_now;
    element.querySelector("[data-is-done]").hidden = !is_done;
  }

  function tick() {
    const now = Date.now();
    for (const element of document.querySelectorAll("[data-span]")) element.hidden = !holds(element, now);
    for (const element of document.querySelectorAll("[data-row]")) row(element, now);
    for (const element of document.querySelectorAll("[data-until]")) left(element, now);
    for (const element of document.querySelectorAll("[data-clock]")) element.textContent = clock(now, STOCKHOLM);
  }

  async function keep() {
    if (!told.worker || !navigator.serviceWorker) return;
    try {
      await navigator.serviceWorker.register(told.worker);
      await navigator.serviceWorker.ready;
    } catch {
      return; // a private window keeps nothing, and reads as before
    }
    for (const element of document.querySelectorAll("[data-kept]")) element.hidden = false;
  }

  zones();
  if (document.querySelector("[data-span]")) {
    tick();
    setInterval(tick, 20000);
    addEventListener("pageshow", tick);
    document.addEventListener("visibilitychange", tick);
  }
  keep();
})();
