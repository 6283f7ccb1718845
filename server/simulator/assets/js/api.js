/** The control API as functions. Failures carry words a person can read. */

async function call(path, body, method) {
  const response = await fetch(path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? String(response.status));
  return answer;
}

export const act = (customer, name, body) => call(`/control/customers/${encodeURIComponent(customer)}/${name}`, body);
export const create = (body) => call("/control/customers", body);
export const state = () => call("/control");
export const turn = (body) => call("/control", body);
export const orders = () => call("/control/errors");
export const order = (body) => call("/control/errors", body);
export const clearOrders = () => call("/control/errors", undefined, "DELETE");
export const sendOneIn = () => call("/control/script", {});
