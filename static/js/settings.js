/** Settings take effect as they are chosen; the page itself came whole from the server. */
import { html, render } from "htm/preact";
import { patch, Problem } from "./lib/api.js";
import { pageData } from "./lib/dom.js";
import { dateTime, t } from "./lib/i18n.js";
import { say } from "./lib/toasts.js";
import { SetAside } from "./views/set_aside.js";
import { startFrame } from "./frame.js";

const { inbox } = pageData("page-data");
const preferences = { ...inbox.me.preferences };

startFrame(inbox);
for (const time of document.querySelectorAll("time[data-local]")) time.textContent = dateTime(time.dateTime);
document.getElementById("preferences").addEventListener("change", ({ target }) => choose(target));
document.querySelector('form[action="/sign-out"]').addEventListener("submit", forgetAll);
document.getElementById("password").addEventListener("submit", changePassword);
document.getElementById("sessions").addEventListener("click", ({ target }) => endSession(target.closest("[data-end]")));
const setAside = document.getElementById("set-aside");
if (setAside) render(html`<${SetAside} />`, setAside);

/** Drafts and unsent replies must not wait for whoever sits here next. The answer asks for it too, but not over http. */
function forgetAll() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("majlis:")) localStorage.removeItem(key);
  } catch {
    // Where nothing may be kept, nothing was.
  }
}

async function choose(input) {
  const value = input.type === "checkbox" ? input.checked : input.value;
  try {
    if (input.name === "language") {
      await patch("/api/me", { language: value });
      return location.reload();
    }
    if (input.name === "desktop_notices" && value && !(await allowNotices())) {
      input.checked = false;
      return;
    }
    preferences[input.name] = value;
    if (input.name === "theme") showTheme(value);
    await patch("/api/me", { preferences });
    say(t("Saved"), { forMs: 2500 });
  } catch (error) {
    say(error.detail || t("That could not be saved. Check the connection and choose again."), { tone: "failed" });
  }
}

function showTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

async function allowNotices() {
  if ((await globalThis.Notification?.requestPermission?.()) === "granted") return true;
  say(t("The browser does not allow desktop notices for this site. Allow them in its site settings."), { tone: "due-soon" });
  return false;
}

async function changePassword(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const said = form.querySelector(".settings-said");
  const button = form.querySelector("button");
  button.ariaBusy = "true";
  try {
    const { current_password: current, new_password: fresh } = Object.fromEntries(new FormData(form));
    await patch("/api/me", { current_password: current || null, new_password: fresh });
    form.reset();
    tell(said, t("The password is changed. Your other devices are signed out."), false);
    for (const button of document.querySelectorAll("[data-end]")) button.closest("li").remove();
  } catch (error) {
    tell(said, problemWords(error), true);
  } finally {
    button.ariaBusy = null;
  }
}

async function endSession(button) {
  if (!button) return;
  button.disabled = true;
  try {
    await remove(`/api/me/sessions/${button.dataset.end}`);
    button.closest("li").remove();
    say(t("That device is signed out."));
  } catch (error) {
    button.disabled = false;
    say(problemWords(error), { tone: "failed" });
  }
}

async function remove(path) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const response = await fetch(path, { method: "DELETE", headers: { accept: "application/json", "x-csrf-token": token } });
  // Ended already is ended.
  if (!response.ok && response.status !== 404) throw new Problem(response.status, await response.json().catch(() => ({})));
}

function problemWords(error) {
  return error.body?.errors?.[0]?.detail || error.detail || t("That did not work. Check the connection and try again.");
}

function tell(element, words, wrong) {
  element.toggleAttribute("data-wrong", wrong);
  element.textContent = words;
}
