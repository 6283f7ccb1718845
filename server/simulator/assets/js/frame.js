/** Language and theme, kept in cookies so that the first paint is right. */

function keep(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

document.querySelector("[data-language]").addEventListener("click", (event) => {
  keep("simulator_language", event.currentTarget.dataset.language);
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  location.replace(address);
});

document.querySelector("[data-theme-switch]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  keep("simulator_theme", root.dataset.theme);
});
