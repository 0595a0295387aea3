// Keeps a part of the page as it is now: asks for the page again, every so many seconds as data-live says, and puts the
// part's new state in its place. While the network is away it goes on showing what it last knew. When the part is gone
// from the page, or the page itself, what it told of is over, and the page is loaded anew.
const usual = 2;

async function renew(part) {
  try {
    const response = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" } });
    if (response.status === 404) return location.reload();
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (!fresh) return location.reload();
      part.replaceChildren(...document.importNode(fresh, true).childNodes);
    }
  } catch {
    // The next time there may be a network again.
  }
  wait(part);
}

function wait(part) {
  setTimeout(renew, (Number(part.dataset.live) || usual) * 1000, part);
}

export function start(parts) {
  for (const part of parts) wait(part);
}
