// Asks once more, in a native dialog, before a button that cannot be taken back.
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function ask(form, label) {
  const no = element("button", { className: "btn btn-quiet", value: "no", textContent: form.dataset.confirmNo });
  const yes = element("button", { className: "btn btn-primary", value: "yes", textContent: label });
  const sentence = element("p", { textContent: form.dataset.confirm, id: "ask-sentence" });
  const choice = element("form", { method: "dialog", className: "actions" }, no, yes);
  const dialog = element("dialog", { className: "ask" }, sentence, choice);
  dialog.setAttribute("aria-labelledby", "ask-sentence");
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "yes") form.submit();
  });
  dialog.showModal();
}

export function start(forms) {
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form, event.submitter?.textContent.trim());
    });
  }
}
