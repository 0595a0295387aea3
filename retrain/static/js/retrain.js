// Loads only what this page has a use for; every page works without it.
const parts = {
  "[data-theme-toggle]": "theme",
  "[data-menu]": "menus",
  "[data-focus]": "focus",
  "[data-choose]": "choose",
  "[data-job]": "jobs",
  "[data-repeat]": "repeat",
  "[data-course-hours]": "course-hours",
  "[data-masked]": "masked",
  "[data-confirm]": "confirm",
  "[data-grid]": "grid",
  "[data-copy]": "copy",
  "[data-paste]": "paste",
  "[data-live]": "live",
  "[data-register]": "register",
  "[data-keep-list]": "register-keeper",
  "[data-design]": "design",
  "[data-scan]": "scan-cards",
};

const ready = Object.entries(parts).map(async ([selector, name]) => {
  const found = [...document.querySelectorAll(selector)];
  if (found.length) (await import(`./${name}.js`)).start(found);
});

Promise.allSettled(ready).then(() => {
  document.documentElement.dataset.enhanced = "";
});

for (const here of document.querySelectorAll(".destinations [aria-current], .tabs [aria-current]")) {
  const row = here.closest("ul");
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
