/** The switches page: each change is applied at once; the counts follow. */

import "./frame.js";
import { sendOneIn, state, turn } from "./api.js";
import { showOrders } from "./orders.js";
import { notice, t } from "./dom.js";

const form = document.querySelector("[data-switches]");
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
const number = new Intl.NumberFormat(document.documentElement.lang);

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => target.dataset.kind === "share" && showShare(target));
form.addEventListener("change", async ({ target }) => target.dataset.kind && apply(wanted(target)));
showOrders(document.querySelector("[data-order]"));
document.querySelector("[data-script]").addEventListener("click", async () => {
  await sendOneIn().catch((error) => notice(error.message));
  refresh();
});
document.querySelector("[data-good]").addEventListener("click", async () => {
  await apply(JSON.parse(form.dataset.behaviour));
  location.reload();
});

function wanted({ name, value, checked, dataset }) {
  if (dataset.kind === "share") return { [name]: Number(value) / 100 };
  if (dataset.kind === "number") return { [name]: Number(value) };
  if (dataset.kind === "optional") return { [name]: value === "" ? null : Number(value) };
  if (dataset.kind === "choice") return { [name]: value || null };
  if (dataset.kind === "flag") return { [name]: checked };
  if (dataset.kind === "window") return { closed_window: checked ? "response" : "status" };
  const chosen = [...form.querySelectorAll(`[data-kind=list][name=${name}]:checked`)];
  return { [name]: chosen.map((each) => each.value) };
}

async function apply(changes) {
  try {
    await turn(changes);
    notice(t("applied"));
  } catch (error) {
    notice(error.message, true);
  }
}

function showShare(input) {
  input.nextElementSibling.textContent = percent.format(input.value / 100);
}

async function refresh() {
  if (document.hidden) return;
  const { webhooks, scripted } = await state();
  for (const [name, count] of Object.entries({ ...webhooks, ...scripted })) {
    const place = document.querySelector(`[data-count=${name}]`);
    if (place) place.textContent = number.format(count);
  }
}

for (const input of form.querySelectorAll("[data-kind=share]")) showShare(input);
setInterval(() => refresh().catch(() => notice(t("reconnecting"))), 1500);
