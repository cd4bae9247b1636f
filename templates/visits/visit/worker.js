/* Keeps the pages of one visit for when there is no network; `files` is what they are drawn with.
   Only answers that carry X-Kept-Until are kept, under one name for both languages of the visit. */
"use strict";

const FILES = {{ files|safe }};
const PAGES = ["day/", "programme/", "getting-here/"].map((page) => new URL(page, self.location).pathname);
const SHELF = "visit " + new URL("./", self.location).pathname.replace(/^\/sv\//, "/");
const GONE = [403, 404, 410];
const PATIENCE = 4000;

// How often everything here was forgotten: what was asked for before that is not kept after it.
let forgotten = 0;

async function forget() {
  forgotten += 1;
  await caches.delete(SHELF);
  await self.registration.unregister();
}

// From the network; a page that may be kept is kept, one that is refused takes all copies with it.
// Where an address leads elsewhere, what comes is another page, and tells nothing of this one.
async function ask(request) {
  const before = forgotten;
  const answer = await fetch(request);
  const until = Number(answer.headers.get("X-Kept-Until"));
  if (answer.redirected) return answer;
  if (until > Date.now()) {
    await keep(request.url, answer, before);
  } else if (GONE.includes(answer.status) || answer.ok) {
    await forget();
  }
  return answer;
}

async function keep(url, answer, before) {
  if (before === forgotten) await (await caches.open(SHELF)).put(url, answer.clone());
}

// An icon is asked for with its name behind a «#»; the file is one.
function bare(url) {
  return url.split("#")[0];
}

async function copyOf(url) {
  const copy = await caches.match(bare(url), { cacheName: SHELF, ignoreVary: true });
  const until = copy?.headers.get("X-Kept-Until");
  if (until && Number(until) <= Date.now()) {
    await forget();
    return undefined;
  }
  return copy;
}

// The page itself says that it is a copy, and from when: its style sheet shows the line.
async function saved(copy) {
  const headers = new Headers(copy.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const page = await copy.text();
  return new Response(page.replace("<html ", "<html data-saved "), { headers });
}

async function read(request) {
  const copy = await copyOf(request.url);
  if (!copy) return ask(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([ask(request).catch(() => undefined), late]);
  return answer && answer.status < 500 ? answer : saved(copy);
}

async function fileOf(request) {
  const before = forgotten;
  const copy = await copyOf(request.url);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await keep(bare(request.url), answer, before);
    return answer;
  });
  if (!copy) return fresh;
  fresh.catch(() => undefined);
  return copy;
}

async function fill() {
  const shelf = await caches.open(SHELF);
  await Promise.all(FILES.map((file) => shelf.add(file).catch(() => undefined)));
  await others("");
}

// The pages beside the one that is read, so that all copies are of one moment.
async function others(here) {
  for (const page of PAGES) {
    if (page !== here) await ask(new Request(page, { credentials: "same-origin" })).catch(() => undefined);
  }
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === new URL("forget/", self.location).pathname) {
    event.respondWith(forget().then(() => fetch(request)));
  } else if (request.method === "GET" && PAGES.includes(url.pathname) && !url.search) {
    event.respondWith(read(request));
    event.waitUntil(others(url.pathname));
  } else if (request.method === "GET" && FILES.some((file) => new URL(file, url).href === bare(url.href))) {
    event.respondWith(fileOf(request));
  }
});
