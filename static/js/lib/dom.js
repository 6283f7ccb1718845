/** Small questions to the page. */

const TYPING = 'textarea, select, [contenteditable="true"], input:not([type="radio"]):not([type="checkbox"]):not([type="button"])';

/** True while the person writes somewhere: nothing may take the focus then. */
export function isTyping(element = document.activeElement) {
  return Boolean(element?.matches?.(TYPING));
}

/** True when nothing particular has the focus. */
export function isIdle() {
  return !document.activeElement || document.activeElement === document.body;
}

export function pageData(id) {
  const element = document.getElementById(id);
  return element?.textContent.trim() ? JSON.parse(element.textContent) : null;
}

export function debounce(wait, action) {
  let timer = null;
  let last = [];
  const run = (...args) => {
    last = args;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      action(...last);
    }, wait);
  };
  run.now = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    action(...last);
  };
  run.cancel = () => {
    clearTimeout(timer);
    timer = null;
  };
  return run;
}

/** Storage may be full, private or forbidden; the console works without it. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The server's copy has to do.
  }
}
