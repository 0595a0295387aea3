// Loads only what this page has a use for; every page works without it.
const parts = {
  "[data-theme-toggle]": "theme",
  "[data-menu]": "menus",
  "[data-focus]": "focus",
  "[data-choose]": "choose",
  "[data-job]": "jobs",
  "[data-repeat]": "repeat",
  "[data-masked]": "masked",
  "[data-confirm]": "confirm",
};

for (const [selector, name] of Object.entries(parts)) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(`./${name}.js`).then((part) => part.start([...found]));
}

document.querySelector(".destinations [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
