// The sheets of a design follow what is typed; without scripts "Show the sheets" does the same.
const PAUSE = 250;

export function start(designs) {
  for (const design of designs) {
    let waiting;
    design.querySelector("form").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => show(design), PAUSE);
    });
  }
}

function show(design) {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(design.querySelector("form"))) {
    if (typeof value === "string" && name !== "csrf_token") values.set(name, value);
  }
  const note = design.querySelector("[data-refused]");
  for (const sheet of design.querySelectorAll("[data-sample]")) {
    values.set("sample", sheet.dataset.sample);
    values.set("side", sheet.dataset.side);
    const next = new Image();
    next.onload = () => {
      sheet.src = next.src;
      note.textContent = "";
    };
    next.onerror = () => {
      note.textContent = note.dataset.refused;
    };
    next.src = `${design.dataset.design}?${values}`;
  }
}
