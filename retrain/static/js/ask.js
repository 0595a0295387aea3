// A question in a native dialog, with a button for each answer; resolves to true only for yes.
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function ask(sentence, yes, no) {
  const told = element("p", { textContent: sentence, id: "ask-sentence" });
  const choice = element(
    "form",
    { method: "dialog", className: "actions" },
    element("button", { className: "btn btn-quiet", value: "no", textContent: no }),
    element("button", { className: "btn btn-primary", value: "yes", textContent: yes }),
  );
  const dialog = element("dialog", { className: "ask" }, told, choice);
  dialog.setAttribute("aria-labelledby", told.id);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}
