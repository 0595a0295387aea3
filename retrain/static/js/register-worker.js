// Keeps the pages of registers for when there is no network, for one person and one language at a time, and sends
// what was marked when the network is back. Everything else passes by untouched.
importScripts("static/js/register-queue.js");

const ROOT = new URL("./", self.location).pathname;
const ASSETS = "registers-assets";
const PAGES = "registers-pages ";
const path_of = (url) => new URL(url, self.location).pathname;
const is_page = (path) => new RegExp(`^${ROOT}(teaching|registers/\\d+)$`).test(path);
const is_asset = (path) => path.startsWith(`${ROOT}static/`) || path.startsWith(`${ROOT}bootstrap/static/`);
const is_door = (path) => new RegExp(`^${ROOT}(sign-in|sign-out|activate|reset|account/sessions)(/|$)`).test(path);
const shelf = (who) => `${PAGES}${who.owner} ${who.language}`;
const outdated = new Set(); // pages that somebody has just changed by a form
let gone = false; // once somebody signs out or in, whoever it was is nobody's reader until a page says who it is

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const present = async () => (gone ? null : RegisterQueue.recall("present"));

async function forget(but = null) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && (!but || !name.startsWith(`${PAGES}${but} `))) await caches.delete(name);
  }
}

async function sign_out() {
  gone = true;
  await RegisterQueue.remember("present", null);
  await forget();
}

async function welcome(who) {
  gone = false;
  await RegisterQueue.remember("present", who);
  await forget(who.owner);
}

// The page as the server has it now, if it is still made for the same reader; a kept page says for whom it is.
async function fetch_page(path, who) {
  const response = await fetch(path, { headers: { accept: "text/html", "X-Kept-Copy": "1" }, credentials: "same-origin", cache: "no-store" });
  if (response.redirected && response.url.includes("sign-in")) {
    await sign_out();
    return;
  }
  if (response.status === 403 || response.status === 404) {
    await (await caches.open(shelf(who))).delete(path);
    return;
  }
  if (!response.ok || response.redirected || response.headers.get("X-Kept-For") !== `${who.owner} ${who.language}`) return;
  const now = await present();
  if (now?.owner === who.owner && now.language === who.language) await (await caches.open(shelf(who))).put(path, response);
  outdated.delete(path);
}

async function keep({ pages, assets }) {
  const who = await present();
  if (!who) return;
  const kept = await caches.open(ASSETS);
  for (const url of assets) {
    if (is_asset(path_of(url)) && !(await kept.match(url))) {
      const response = await fetch(url);
      if (response.ok) await kept.put(url, response);
    }
  }
  for (const path of new Set(pages.map(path_of))) if (is_page(path)) await fetch_page(path, who);
}

async function asset(event) {
  const kept = await (await caches.open(ASSETS)).match(event.request.url);
  if (!kept) return fetch(event.request);
  event.waitUntil(renew(event.request.url));
  return kept;
}

async function renew(url) {
  try {
    const response = await fetch(url);
    if (response.ok) await (await caches.open(ASSETS)).put(url, response);
  } catch {
    // There is no network: what is kept stays.
  }
}

async function page(event, path) {
  const who = await present();
  const kept = who && (await (await caches.open(shelf(who))).match(path));
  const asked_anew = event.request.cache === "reload" || event.request.cache === "no-cache" || new URL(event.request.url).search;
  if (kept && !asked_anew && !outdated.has(path)) {
    event.waitUntil(fetch_page(path, who).catch(() => {}));
    return kept;
  }
  try {
    return await fetch(event.request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// The first page leads to the classes when there is no network.
async function first_page(event) {
  try {
    return await fetch(event.request);
  } catch (error) {
    const who = await present();
    const kept = who && (await (await caches.open(shelf(who))).match(`${ROOT}teaching`));
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = path_of(request.url);
  if (new URL(request.url).origin !== self.location.origin) return;
  if (request.method === "GET" && request.mode !== "navigate" && is_asset(path)) event.respondWith(asset(event));
  if (request.mode !== "navigate") return;
  if (request.method === "GET") {
    if (is_page(path)) event.respondWith(page(event, path));
    else if (path === ROOT) event.respondWith(first_page(event));
  } else if (is_door(path)) event.waitUntil(sign_out());
  else {
    const changed = path.match(new RegExp(`^${ROOT}registers/\\d+`))?.[0];
    if (changed) for (const each of [changed, `${ROOT}teaching`]) outdated.add(each);
  }
});

async function send_all() {
  const who = await present();
  if (!who) return;
  const { results } = await RegisterQueue.send(who.owner);
  for (const one of results) if (one.sent) await fetch_page(`${ROOT}registers/${one.session}`, who).catch(() => {});
  for (const client of await self.clients.matchAll()) client.postMessage({ type: "sent", results });
}

self.addEventListener("sync", (event) => {
  if (event.tag === "send-registers") event.waitUntil(send_all());
});

self.addEventListener("message", (event) => {
  const { type } = event.data;
  const work = { hello: () => welcome(event.data.who), keep: () => keep(event.data), "sign-out": sign_out }[type];
  if (!work) return;
  event.waitUntil(
    work().then(
      () => event.ports[0]?.postMessage({ done: true }),
      () => event.ports[0]?.postMessage({ done: false }),
    ),
  );
});
