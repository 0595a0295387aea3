// Says beside each module, while one types, whether its topics have the hours the module has.
const kinds = ["lecture", "practical", "independent", "distance", "internship"];

const hours = (input) => Number(input?.value) || 0;

function lacking(module) {
  const name = module.querySelector(":scope > [data-repeat-remove]").value;
  const given = Object.fromEntries(
    kinds.map((kind) => [kind, hours(module.querySelector(`[name="${name}-${kind}"]`))]),
  );
  // Left empty, a module takes its hours from the topics: then nothing can differ.
  if (!Object.values(given).some(Boolean)) return null;
  const planned = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  for (const select of module.querySelectorAll(`[name^="${name}-topics-"][name$="-kind"]`)) {
    planned[select.value] += hours(module.querySelector(`[name="${select.name.replace(/kind$/, "hours")}"]`));
  }
  return kinds
    .filter((kind) => given[kind] !== planned[kind])
    .map((kind) => {
      const label = module.querySelector(`[for="${name}-${kind}"]`).firstChild.textContent.trim();
      return `${label} ${planned[kind]} / ${given[kind]}`;
    });
}

function tell(section) {
  for (const module of section.querySelectorAll(":scope > [data-repeat] > [data-repeat-entry]")) {
    let line = module.querySelector(":scope > [data-hours-line]");
    if (!line) {
      line = document.createElement("output");
      line.dataset.hoursLine = "";
      line.className = "form-text";
      module.querySelector(":scope > [data-repeat-remove]").before(line);
    }
    const found = lacking(module);
    const { same, differ } = section.dataset;
    line.textContent = found === null ? "" : found.length ? `${differ} ${found.join(", ")}` : same;
  }
}

export function start(sections) {
  for (const section of sections) {
    section.addEventListener("input", () => tell(section));
    section.addEventListener("click", () => queueMicrotask(() => tell(section)));
    tell(section);
  }
}
