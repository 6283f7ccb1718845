/** What is told about a message besides what it says: how it came, and what of it is missing. */
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";
import { hostOf, Outside, Sign } from "./said.js";

export function MarksAbove({ message }) {
  const { body = {}, kind } = message;
  const product = kind !== "product" && body.product;
  return html`
    ${body.forwarded && html`<${Sign} icon="forward" turns=${true}>${body.forwarded === "often" ? t("Forwarded many times") : t("Forwarded")}<//>`}
    ${body.standby && html`<${Sign} icon="info">${t("Another app answers in this chat at the moment")}<//>`}
    ${kind === "edit" && html`<${Sign} icon="edit">${t("Changed an earlier message that is not here. It says now:")}<//>`}
    ${product && html`<${Sign} icon="basket">${t("About the product {name}", { name: product.title || product.retailer_id || product.id || "" })}<//>`}
    ${message.referral && html`<${ReferralCard} referral=${message.referral} />`}`;
}

export function MarksBelow({ message }) {
  const { body = {}, kind } = message;
  return html`
    ${body.missing && kind !== "reaction" && html`<${Sign} icon="alert">${t("A part of this message did not arrive.")}<//>`}
    ${kind !== "unsupported" && (body.errors ?? []).map((error, index) => html`<${Sign} key=${index} icon="alert">${t("Meta adds: {words}", { words: error.title || String(error.code ?? "") })}<//>`)}`;
}

/** The ad, post or link that brought the customer here. */
function ReferralCard({ referral }) {
  const { headline, source } = referral;
  const told = referral.body ?? {};
  const context = told.ads_context_data ?? {};
  const url = told.source_url ?? told.referer_uri ?? context.post_url ?? "";
  const text = typeof told.body === "string" ? told.body : "";
  const ref = typeof told.ref === "string" ? told.ref : "";
  return html`<div class="card card-row referral-card"><${Icon} name=${/ad/.test(source ?? "") ? "ad" : "link"} /><div class="card-body">
    <span class="quiet small">${sourceWords(source)}</span>
    ${headline && html`<strong class="break" dir="auto">${headline}</strong>`}
    ${text && html`<span class="break cut-3" dir="auto">${text}</span>`}
    ${ref && html`<span class="quiet small break">${t("Link word: {ref}", { ref })}</span>`}
    <${Outside} url=${url}>${hostOf(url)}<//></div></div>`;
}

function sourceWords(source) {
  return {
    ad: t("Came from an ad"),
    post: t("Came from a post"),
    shortlink: t("Came by a link"),
    product: t("Came from a product"),
    customer_chat_plugin: t("Came from the chat on the website"),
  }[source] ?? t("Came from an ad or a link");
}
