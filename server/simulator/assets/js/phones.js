/** The phones page: one to three phones side by side, or one at a time where the window is narrow. */

import "./frame.js";
import { create } from "./api.js";
import { notice, page, t } from "./dom.js";
import { Live } from "./live.js";
import { Phone } from "./phone.js";

const wide = matchMedia("(min-width: 1000px)");
const sections = [...document.querySelectorAll("[data-phone]")];
const tabs = [...document.querySelectorAll("[data-tab]")];
const single = sections.length === 1;

const live = new Live((change) => {
  for (const phone of phones) if (phone.customer === change.customer && phone.inbox === change.inbox) phone.take(change);
});
const phones = page.phones.map((given, index) => new Phone(sections[index], given, rearranged));

function refollow() {
  const onScreen = phones.filter((phone) => wide.matches || phone.section.classList.contains("shown"));
  live.follow(phones.map((phone) => phone.key), onScreen.map((phone) => phone.key));
}

/** The address always names the phones, so that it can be kept, sent, reloaded. */
function rearranged() {
  const address = new URL(location.href);
  if (single) address.pathname = `/phone/${encodeURIComponent(phones[0].customer)}/${encodeURIComponent(phones[0].inbox)}`;
  else {
    address.searchParams.delete("phone");
    for (const phone of phones) address.searchParams.append("phone", phone.key);
  }
  history.replaceState(null, "", address);
  refollow();
}

for (const tab of tabs)
  tab.addEventListener("click", () => {
    for (const other of tabs) other.setAttribute("aria-pressed", String(other === tab));
    sections.forEach((section, index) => section.classList.toggle("shown", String(index) === tab.dataset.tab));
    for (const phone of phones) phone.scroll();
    refollow();
  });
wide.addEventListener("change", refollow);

const dialog = document.querySelector("[data-newcomer]");
let forPhone;

for (const phone of phones)
  phone.part("customer").addEventListener("change", (event) => {
    if (event.target.value) return phone.choose(event.target.value, phone.inbox);
    event.target.value = phone.customer;
    forPhone = phone;
    dialog.querySelector("form").reset();
    dialog.showModal();
  });

dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  const wanted = { name: fields.get("name"), language: fields.get("language"), phone: fields.get("phone"), hides_phone: fields.has("hides_phone") };
  try {
    const person = await create(wanted);
    page.customers.push(person);
    dialog.close();
    forPhone.choose(person.id, forPhone.inbox);
  } catch (error) {
    notice(t("not_sent", { reason: error.message }));
  }
});

refollow();
