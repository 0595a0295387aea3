// Keeps the pages of registers for when there is no network, for one person and one language at a time, and sends
// what was marked when the network is back. Everything else passes by untouched.
// The server puts register-queue.js in front of it: what comes in one piece is there after one turn of the network.

const ROOT = new URL("./", self.location).pathname;
const ASSETS = "registers-assets";
const PAGES = "registers-pages ";
const path_of = (url) => new URL(url, self.location).pathname;
const is_page = (path) => new RegExp(`^${ROOT}(teaching|registers/\\d+)$`).test(path);
const is_asset = (path) => path.startsWith(`${ROOT}static/`) || path.startsWith(`${ROOT}bootstrap/static/`);
const is_door = (path) => new RegExp(`^${ROOT}(sign-in|sign-out|activate|reset|account/sessions)(/|$)`).test(path);
const shelf = (who) => `${PAGES}${who.owner} ${who.language}`;
const CALM = 3000; // milliseconds after which a page that was opened is there, on a slow telephone as well
const ENOUGH = 60000; // milliseconds for which a script or a style is not compared with the server's again
const outdated = new Set(); // pages that somebody has just changed by a form
const fetched = new Map(); // when each page was last asked of the server
const renewed = new Map(); // and each script and style
let gone = false; // once somebody signs out or in, whoever it was is nobody's reader until a page says who it is
let reader; // who was found on the disk, which is slow to tell

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function present() {
  if (!gone && reader === undefined) {
    const found = (await RegisterQueue.recall("present")) ?? null;
    if (reader === undefined) reader = found; // nobody came or went meanwhile
  }
  return gone ? null : reader;
}

// What is kept is compared with the server's once the page is there: before that it would be in its way.
const calm = () => new Promise((resolve) => setTimeout(resolve, CALM));

async function forget(but = null) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && (!but || !name.startsWith(`${PAGES}${but} `))) await caches.delete(name);
  }
}

async function sign_out() {
  gone = true;
  reader = null;
  await RegisterQueue.remember("present", null);
  await forget();
}

async function welcome(who) {
  gone = false;
  reader = who;
  await RegisterQueue.remember("present", who);
  await forget(who.owner);
}

// The page as the server has it now, if it is still made for the same reader; a kept page says for whom it is.
async function fetch_page(path, who) {
  const began = performance.now();
  const response = await fetch(path, { headers: { accept: "text/html", "X-Kept-Copy": "1" }, credentials: "same-origin", cache: "no-store" });
  fetched.set(path, began);
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
  const shelves = await caches.open(ASSETS);
  await Promise.all([
    ...assets.map((each) => keep_asset(shelves, each)),
    one_by_one([...new Set(pages.map(path_of))].filter(is_page), (path) => fetch_page(path, who)),
  ]);
}

async function one_by_one(all, work) {
  for (const each of all) await work(each);
}

// What the page was just loaded with is taken as it came then: asking again costs a slow network a turn each.
async function keep_asset(shelves, { url, loaded }) {
  if (!is_asset(path_of(url)) || (await shelves.match(url))) return;
  const response = await fetch(url, { cache: loaded ? "force-cache" : "default" });
  if (response.ok) await shelves.put(url, response);
}

async function asset(event) {
  const kept = await (await caches.open(ASSETS)).match(event.request.url);
  if (!kept) return fetch(event.request);
  event.waitUntil(renew(event.request.url));
  return kept;
}

async function renew(url) {
  if (performance.now() - renewed.get(url) < ENOUGH) return;
  renewed.set(url, performance.now());
  await calm();
  try {
    const response = await fetch(url, { cache: "no-cache" }); // a week old is good for the browser, not for what is kept
    if (response.ok) await (await caches.open(ASSETS)).put(url, response);
  } catch {
    renewed.delete(url); // there is no network: what is kept stays
  }
}

// The page asks for it as well once it works; what came since it was opened is new enough.
async function renew_page(path, who, opened_at) {
  await calm();
  if (!(fetched.get(path) >= opened_at)) await fetch_page(path, who);
}

async function page(event, path) {
  const who = await present();
  const kept = who && (await (await caches.open(shelf(who))).match(path));
  const asked_anew = event.request.cache === "reload" || event.request.cache === "no-cache" || new URL(event.request.url).search;
  if (kept && !asked_anew && !outdated.has(path)) {
    event.waitUntil(renew_page(path, who, performance.now()).catch(() => {}));
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
