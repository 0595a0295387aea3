// Light or dark, kept in a cookie so that the server writes the next page in it at once.
const year = 60 * 60 * 24 * 365;

function now() {
  const chosen = document.documentElement.dataset.bsTheme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function turn() {
  const theme = now() === "dark" ? "light" : "dark";
  document.documentElement.dataset.bsTheme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${year}; samesite=lax${secure}`;
}

export function start(buttons) {
  for (const button of buttons) {
    button.closest("[data-theme-item]").hidden = false;
    button.addEventListener("click", turn);
  }
}
