import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { Outside } from "./said.js";

const FIRST = 3;

/** Cards of an address book. */
export function People({ people }) {
  return html`<div class="stack">
    ${people.slice(0, FIRST).map((person, index) => html`<${Person} key=${index} person=${person} />`)}
    ${people.length > FIRST && html`<details class="more-cards"><summary>${t.n("{count} more", "{count} more", people.length - FIRST)}</summary>
      <div class="stack">${people.slice(FIRST).map((person, index) => html`<${Person} key=${index} person=${person} />`)}</div></details>`}
  </div>`;
}

function Person({ person }) {
  const { name = "", phones = [], emails = [], organisation, urls = [], addresses = [], birthday } = person;
  return html`<div class="card person">
    <${Avatar} name=${name} />
    <div class="card-body">
      <strong dir="auto">${name || t("No name given")}</strong>
      ${organisation && html`<span class="quiet" dir="auto">${organisation}</span>`}
      ${phones.map((phone) => html`<${Line} key=${phone.number ?? phone.wa_id} icon=${phone.wa_id ? "whatsapp" : "call"}
        label=${phone.wa_id ? t("On WhatsApp") : t("Phone")}><a href=${`tel:${digits(phone.number ?? phone.wa_id)}`} dir="ltr">${phone.number ?? `+${phone.wa_id}`}</a><//>`)}
      ${emails.map((email) => html`<${Line} key=${email} icon="mail" label=${t("Email")}><a href=${`mailto:${email}`} dir="ltr">${email}</a><//>`)}
      ${urls.map((url) => html`<${Line} key=${url} icon="globe" label=${t("Website")}>${/^https?:\/\//i.test(url) ? html`<${Outside} url=${url}>${url}<//>` : url}<//>`)}
      ${addresses.map((address) => html`<${Line} key=${address} icon="place" label=${t("Address")}><span dir="auto">${address}</span><//>`)}
      ${birthday && html`<${Line} icon="calendar" label=${t("Birthday")}><bdi dir="ltr">${birthday}</bdi><//>`}
    </div>
  </div>`;
}

function Line({ icon, label, children }) {
  return html`<span class="card-line"><${Icon} name=${icon} label=${label} /><span class="break">${children}</span></span>`;
}

function digits(text = "") {
  return text.replace(/[^\d+]/g, "");
}
