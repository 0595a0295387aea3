// Has the service worker keep the pages of registers, and asks it to send when the network is back.
import "./register-queue.js";

export const is_possible = () => window.isSecureContext && "serviceWorker" in navigator && "indexedDB" in window;

function tell(message) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data.done);
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage(message, [channel.port2]));
  });
}

// What a register is made of, also where its list asks for it.
const OWN = ["retrain", "register", "register-line", "register-keeper", "register-queue", "register-call", "ask"].map((name) => new URL(`./${name}.js`, import.meta.url).href);

function assets() {
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((each) => each.href);
  const loaded = performance.getEntriesByType("resource").map((each) => each.name);
  const uses = [...document.querySelectorAll("use")].map((each) => new URL(each.getAttribute("href"), location.href).href);
  const urls = [...OWN, ...named, ...loaded, ...uses].filter((url) => url.startsWith(location.origin)).map((url) => url.split("#")[0]);
  const here = new Set(loaded.map((url) => url.split("#")[0]));
  return [...new Set(urls)].map((url) => ({ url, loaded: here.has(url) }));
}

// Whether *pages* are kept now for whoever reads this page.
export async function keep(who, pages) {
  await navigator.serviceWorker.register(who.worker);
  await tell({ type: "hello", who: { owner: who.owner, language: who.language } });
  return tell({ type: "keep", pages, assets: assets() });
}

export async function send_when_possible() {
  const worker = await navigator.serviceWorker?.ready;
  await worker?.sync?.register("send-registers").catch(() => {});
}

// The list of classes: its registers are kept, so that they open where there is no network.
export async function start([list]) {
  if (!is_possible()) return;
  const says = list.querySelector("[data-says]");
  const show = async () => {
    const waiting = await RegisterQueue.of(list.dataset.owner);
    says.textContent = waiting.length ? list.dataset.kept.replace("{count}", waiting.length) : "";
  };
  await show();
  const links = [...document.querySelectorAll("a[data-keep-page]")].map((each) => each.href);
  const send = () => RegisterQueue.send(list.dataset.owner).catch(() => {}).then(show);
  window.addEventListener("online", send);
  await send();
  await keep(list.dataset, [location.href, ...links]).catch(() => {});
}
