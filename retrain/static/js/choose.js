// Says how many rows are chosen and offers the whole page at once.
function bar(table) {
  const box = table.querySelector(".col-choose input");
  return box ? box.form : null;
}

function connect(table) {
  const form = bar(table);
  if (!form || !form.matches("[data-bulk]")) return;
  const boxes = [...table.querySelectorAll(".col-choose input")];
  const told = form.querySelector("[data-bulk-count]");
  const page = form.querySelector("[data-bulk-page]");
  const every = page.querySelector("input");

  function tell() {
    const chosen = boxes.filter((box) => box.checked).length;
    told.textContent = chosen ? told.dataset.some.replace("{n}", chosen) : told.dataset.none;
    form.classList.toggle("bulk-idle", chosen === 0);
    every.checked = chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
  }

  page.hidden = false;
  every.addEventListener("change", () => {
    for (const box of boxes) box.checked = every.checked;
    tell();
  });
  table.addEventListener("change", tell);
  tell();
}

export function start(tables) {
  for (const table of tables) connect(table);
}
