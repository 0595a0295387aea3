// Adds and removes repeated sub-forms in place; without it the same buttons post and the server does it.
const indexed = ["name", "id", "for", "aria-describedby", "value", "data-repeat"];

function clean(entry, from, to) {
  for (const element of entry.querySelectorAll("*")) {
    for (const name of indexed) {
      if (name === "value" && !["add", "remove"].includes(element.name)) continue;
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replaceAll(from, to));
    }
  }
  // A group inside the entry begins again with one entry of its own.
  for (const inner of entry.querySelectorAll("[data-repeat]")) {
    [...inner.querySelectorAll(":scope > [data-repeat-entry]")].slice(1).forEach((extra) => extra.remove());
  }
  for (const wrong of entry.querySelectorAll(".field-error")) wrong.remove();
  for (const field of entry.querySelectorAll(".field-wrong")) field.classList.remove("field-wrong");
  for (const control of entry.querySelectorAll("input, select, textarea")) {
    control.classList.remove("is-invalid");
    control.removeAttribute("aria-invalid");
    if (control.matches("[type=checkbox], [type=radio]")) control.checked = control.defaultChecked = false;
    else if (control.matches("select")) control.selectedIndex = 0;
    else if (control.name !== "csrf_token") control.value = "";
  }
}

function connect(group) {
  const entries = () => [...group.querySelectorAll(":scope > [data-repeat-entry]")];
  const mine = (element) => element?.closest("[data-repeat]") === group;
  const index = (entry) => Number(entry.querySelector(":scope > [data-repeat-remove]").value.slice(group.dataset.repeat.length + 1));

  function number() {
    entries().forEach((entry, place) => {
      entry.querySelector("[data-repeat-number]").textContent = place + 1;
    });
  }

  group.addEventListener("click", (event) => {
    const add = event.target.closest("[data-repeat-add]");
    const remove = event.target.closest("[data-repeat-remove]");
    const all = entries();
    if (mine(add) && all.length) {
      event.preventDefault();
      const last = all.at(-1);
      const fresh = last.cloneNode(true);
      const prefix = group.dataset.repeat;
      clean(fresh, `${prefix}-${index(last)}`, `${prefix}-${Math.max(...all.map(index)) + 1}`);
      last.after(fresh);
      fresh.querySelectorAll("[data-repeat]").forEach(connect);
      number();
      fresh.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else if (mine(remove) && all.length > 1) {
      event.preventDefault();
      remove.closest("[data-repeat-entry]").remove();
      number();
      group.querySelector(":scope > [data-repeat-add]").focus();
    }
  });
}

export function start(groups) {
  for (const group of groups) connect(group);
}
