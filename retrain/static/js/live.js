// Keeps a part of the page as it is now: asks for the page again and puts the part's new state in its place. When the
// part is gone from the page, what it told of is over, and the page is loaded anew.
const pause = 2000;

async function renew(part) {
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (!fresh) return location.reload();
      part.replaceChildren(...document.importNode(fresh, true).childNodes);
    }
  } catch {
    // The connection is away for a moment. Ask again.
  }
  setTimeout(renew, pause, part);
}

export function start(parts) {
  for (const part of parts) setTimeout(renew, pause, part);
}
