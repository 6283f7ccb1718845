/** Error scripts: what goes wrong with the next sends. */

import { clearOrders, order, orders } from "./api.js";
import { make, notice, t } from "./dom.js";

const WITHOUT_CODE = ["timeout", "hang", "drop", "drop_after", "5xx", "5xx_after"];

export function showOrders(place) {
  const field = (name) => place.querySelector(`[name=order-${name}]`);
  const list = place.querySelector("[data-orders]");

  const show = (found) => list.replaceChildren(...found.map((each) => make("li", {}, words(each))));
  const act = async (doing) => {
    try {
      await doing();
      show(await orders());
    } catch (error) {
      notice(error.message, true);
    }
  };

  field("how").addEventListener("change", () => (field("code").disabled = WITHOUT_CODE.includes(field("how").value)));
  place.querySelector("[data-clear]").addEventListener("click", () => act(clearOrders));
  place.querySelector("[data-place]").addEventListener("click", () =>
    act(() => {
      const how = field("how").value;
      const code = WITHOUT_CODE.includes(how) ? null : Number(field("code").value);
      return order({ how, code, times: Number(field("times").value), inbox: field("inbox").value || null });
    }),
  );
  act(() => {});
}

function words({ how, code, times, inbox }) {
  const parts = [t(`how_${how}`), code, inbox, `${times ?? "∞"} ×`];
  return parts.filter((part) => part !== null && part !== undefined).join(" · ");
}
