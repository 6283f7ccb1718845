import { html } from "htm/preact";
import { number } from "../lib/format.js";
import { locale, t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

/** What was ordered, with what it comes to; each currency by itself. */
export function Order({ order }) {
  const items = order.items ?? [];
  const count = items.reduce((sum, item) => sum + (item.quantity ?? 1), 0);
  return html`<div class="card order">
    <div class="card-head"><${Icon} name="basket" /><strong>${t("Order")}</strong>
      <span class="quiet small">${t.n("{count} item", "{count} items", count)}</span></div>
    <table class="order-items"><thead class="unseen"><tr><th>${t("Item")}</th><th>${t("How many")}</th><th>${t("Price")}</th></tr></thead>
      <tbody>${items.map((item, index) => html`<tr key=${index}>
        <td class="break" dir="auto">${item.name || item.id || t("Unnamed item")}</td>
        <td class="figure">${item.quantity === undefined ? "" : `× ${number(item.quantity)}`}</td>
        <td class="figure">${item.price === undefined ? "" : money(item.price * (item.quantity ?? 1), item.currency)}</td></tr>`)}</tbody>
      <tfoot>${totals(items).map(([currency, sum]) => html`<tr key=${currency}><th colspan="2" scope="row">${t("Total")}</th>
        <td class="figure">${money(sum, currency)}</td></tr>`)}</tfoot></table>
    ${order.catalog_id && html`<span class="quiet small">${t("Catalogue {id}", { id: order.catalog_id })}</span>`}
  </div>`;
}

export function Product({ product }) {
  return html`<div class="card card-row"><${Icon} name="basket" />
    <div class="card-body"><strong class="break" dir="auto">${product.title || t("Product")}</strong>
      ${product.subtitle && html`<span class="quiet break" dir="auto">${product.subtitle}</span>`}
      ${(product.retailer_id || product.id) && html`<span class="quiet small break"><bdi>${product.retailer_id || product.id}</bdi></span>`}</div></div>`;
}

function totals(items) {
  const sums = new Map();
  for (const { price, quantity = 1, currency = "" } of items) if (price !== undefined) sums.set(currency, (sums.get(currency) ?? 0) + price * quantity);
  return [...sums];
}

function money(value, currency) {
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "code" }).format(value);
  } catch {
    // A word that is no currency.
    return [number(Math.round(value * 100) / 100), currency].filter(Boolean).join(" ");
  }
}
