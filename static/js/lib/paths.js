/** Parts of a value, read and changed without touching it; named as the server names them: "options[0].title". Pure. */

export function at(value, path) {
  return steps(path).reduce((found, step) => found?.[step], value);
}

/** The same with one place changed. */
export function put(value, path, given) {
  return change(value, steps(path), given);
}

/** Nothing is said in it, however deep. */
export function isBlank(value) {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === null || (typeof value === "object" && Object.values(value).every(isBlank));
}

/** Without what is blank, and without spaces around what is not. */
export function tidied(value) {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.filter((one) => !isBlank(one)).map(tidied);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isBlank(one)).map(([name, one]) => [name, tidied(one)]));
}

/** What was said before, in a form's shape: what the form does not ask is left out, what is not there is empty. */
export function refilled(shape, value) {
  if (Array.isArray(shape)) return value?.length ? value.map((one) => refilled(shape[0], one)) : shape;
  if (typeof shape === "object") return Object.fromEntries(Object.entries(shape).map(([name, one]) => [name, refilled(one, value?.[name])]));
  return value ?? "";
}

/** The same without one of its parts. */
export function without(map, key) {
  const { [key]: _gone, ...rest } = map;
  return rest;
}

function steps(path) {
  return path.split(/[.[\]]+/).filter(Boolean);
}

function change(value, [step, ...rest], given) {
  if (step === undefined) return given;
  const next = change(value?.[step], rest, given);
  return Array.isArray(value) ? value.with(Number(step), next) : { ...value, [step]: next };
}
