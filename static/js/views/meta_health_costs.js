/** The month so far: what Meta delivered and charges for, and the free service messages used. */
import { html } from "htm/preact";
import { locale, number, t } from "../lib/i18n.js";

export function Costs({ costs }) {
  const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${costs.month}-15`));
  return html`
    <section class="health-part" aria-labelledby="costs">
      <h2 id="costs">${t("Costs in {month}", { month })}</h2>
      <div class="panel health-table" tabindex="0">
        <table>
          <thead><tr><th scope="col">${t("Inbox")}</th><th scope="col">${t("Delivered")}</th>
            <th scope="col">${t("Charged")}</th><th scope="col">${t("Free service messages left")}</th></tr></thead>
          <tbody>${costs.inboxes.map((each) => html`
            <tr key=${each.inbox}><th scope="row" class="break">${each.inbox_name}</th><td class="figure">${number(each.delivered)}</td>
              <td class="figure">${number(each.charged)}</td>
              <td class="figure">${each.free ? t("{left} of {allowance}", { left: number(each.free.left), allowance: number(each.free.allowance) }) : "–"}</td></tr>`)}
          </tbody>
          <tfoot><tr><th scope="row">${t("Together")}</th><td class="figure">${number(costs.delivered)}</td><td class="figure">${number(costs.charged)}</td><td></td></tr></tfoot>
        </table>
      </div>
    </section>`;
}
