// Puts an address into the clipboard at one press; without it, the address is there to be selected.
export function start(places) {
  if (!navigator.clipboard) return;
  for (const place of places) {
    const field = place.querySelector("input");
    const button = place.querySelector("button");
    const words = button.querySelector("span");
    const before = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      words.textContent = place.dataset.copied;
      setTimeout(() => { words.textContent = before; }, 2000);
    });
    field.addEventListener("focus", () => field.select());
  }
}
