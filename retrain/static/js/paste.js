// Arrow keys and Enter go through a grid of fields; cells copied from a spreadsheet fill down and to the right.
function grid(table) {
  return [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.querySelector("input:not([type=hidden])")));
}

function place(rows, field) {
  const down = rows.findIndex((row) => row.includes(field));
  return [down, down < 0 ? -1 : rows[down].indexOf(field)];
}

function next(rows, field, down, right) {
  let [row, column] = place(rows, field);
  do {
    row += down;
    column += right;
  } while (rows[row] && column in rows[row] && !rows[row][column]);
  return rows[row]?.[column];
}

function fill(rows, field, text) {
  const [top, left] = place(rows, field);
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  lines.forEach((line, down) => {
    line.split("\t").forEach((value, right) => {
      const target = rows[top + down]?.[left + right];
      if (!target) return;
      target.value = value.trim();
      target.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
}

function connect(table) {
  const rows = grid(table);
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (!event.target.matches("input") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    fill(rows, event.target, text);
  });
  table.addEventListener("keydown", (event) => {
    const field = event.target;
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
    if (field.selectionStart === field.selectionEnd || field.selectionEnd - field.selectionStart === field.value.length) {
      if (field.selectionEnd === field.value.length) steps.ArrowRight = [0, 1];
      if (field.selectionStart === 0) steps.ArrowLeft = [0, -1];
    }
    const step = steps[event.key];
    if (!step || !field.matches("input")) return;
    event.preventDefault();
    const target = next(rows, field, ...step);
    if (target) { target.focus(); target.select(); }
  });
  table.addEventListener("input", (event) => {
    const was = event.target.parentElement.querySelector("input[type=hidden]");
    event.target.closest("td").classList.toggle("cell-changed", Boolean(was) && was.value !== event.target.value);
  });
}

export function start(tables) {
  for (const table of tables) connect(table);
}
