// Keeps the screen at a door as it should be; while the network is away it goes on showing what it last knew.
export function start([screen]) {
  async function again() {
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      if (response.status === 404) return location.reload();
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-door]");
      if (fresh) screen.replaceChildren(...fresh.children);
    } catch {
      // The next minute may have a network again.
    }
  }
  setInterval(again, Number(screen.dataset.door) * 1000);
}
