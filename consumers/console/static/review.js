// The review: a value and its box show each other, Tab goes from doubt to doubt, edits go at once.
"use strict";

const sheet = document.getElementById("sheet");
const card = () => document.getElementById("card");
const cells = () => [...card().querySelectorAll("input.cell")];
const inputOf = (cell) => document.getElementById(`v${cell}`);
const rectOf = (cell) => sheet.querySelector(`rect[data-cell="${CSS.escape(cell)}"]`);
const STATES = ["fails", "unread", "doubt", "repaired", "edited"];

// Boxes have the state of their values; Tab stops at what wants a look, arrows go everywhere.
function paint() {
  const inputs = cells();
  const looks = inputs.filter((input) => "look" in input.dataset);
  for (const input of inputs) {
    input.tabIndex = looks.includes(input) || (!looks.length && input === inputs[0]) ? 0 : -1;
    const rect = rectOf(input.dataset.cell);
    if (!rect) continue;
    for (const state of STATES) rect.classList.toggle(state, input.classList.contains(state));
  }
  // A table wider than the screen is scrolled by keys, unless Tab leads into it anyway.
  for (const table of card().querySelectorAll(".table")) {
    const reached = table.scrollWidth <= table.clientWidth || table.querySelector("[tabindex='0']");
    table.tabIndex = reached ? -1 : 0;
  }
}

function point(cell, on) {
  inputOf(cell)?.classList.toggle("on", on);
  rectOf(cell)?.classList.toggle("on", on);
}

function zoom(steps) {
  const level = Math.min(4, Math.max(1, Number(sheet.dataset.level ?? 1) + steps));
  sheet.dataset.level = level;
  sheet.className = `sheet zoom-${level}`;
}

// Only the picture's own room scrolls, never the page under the reader.
function bringBox(cell) {
  const rect = rectOf(cell);
  if (!rect) return;
  const box = rect.getBoundingClientRect();
  const room = sheet.getBoundingClientRect();
  sheet.scrollBy({
    left: box.left - room.left - (room.width - box.width) / 2,
    top: box.top - room.top - (room.height - box.height) / 2,
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

function goTo(cell) {
  const input = inputOf(cell);
  if (!input) return;
  input.closest("details")?.setAttribute("open", "");
  input.focus();
  input.scrollIntoView({ block: "center" });
}

// What is being typed or was opened while an answer comes in stays as it is.
Idiomorph.defaults.ignoreActiveValue = true;
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => name !== "open" || node.tagName !== "DETAILS";

// One after the other: each edit is made on the revision that the one before has made.
let waiting = Promise.resolve();
function send(input) {
  const { cell } = input.dataset;
  const text = input.value;
  input.sent = text;
  waiting = waiting.then(() => htmx.ajax("POST", card().dataset.edit, {
    target: "#card",
    swap: "morph:outerHTML",
    values: { cell, text, revision: card().dataset.revision },
  })).then(paint, paint);
}

function nearest(input, key) {
  const all = cells().filter((other) => other.offsetParent);
  const at = all.indexOf(input);
  if (key === "ArrowLeft" || key === "ArrowRight") return all[at + (key === "ArrowRight" ? 1 : -1)];
  const here = input.getBoundingClientRect();
  const down = key === "ArrowDown" ? 1 : -1;
  for (let next = at + down; all[next]; next += down) {
    const there = all[next].getBoundingClientRect();
    if ((there.top - here.top) * down > here.height / 2 && there.left < here.right && there.right > here.left) return all[next];
  }
  return all[at + down];
}

document.addEventListener("change", (event) => {
  const input = event.target;
  // Leaving a value that Enter has sent is a change to the browser once more.
  if (input.matches("input.cell") && input.value !== input.sent) send(input);
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches?.("input.cell")) return;
  const atEdge = event.key === "ArrowLeft" ? input.selectionEnd === 0
    : event.key === "ArrowRight" ? input.selectionStart === input.value.length : true;
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  if (event.key === "Enter") {
    event.preventDefault();
    // A value that stays as it is, is vouched for.
    if (input.value !== input.dataset.was || "look" in input.dataset) send(input);
  } else if (event.key === "Escape") {
    input.value = input.dataset.was;
  } else if (event.key.startsWith("Arrow") && (atEdge || whole)) {
    const next = nearest(input, event.key);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});

document.addEventListener("focusin", (event) => {
  const input = event.target;
  if (!input.matches("input.cell")) return;
  input.sent = undefined;
  input.select();
  point(input.dataset.cell, true);
  bringBox(input.dataset.cell);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches("input.cell")) point(event.target.dataset.cell, false);
});
for (const [name, on] of [["pointerover", true], ["pointerout", false]]) {
  document.addEventListener(name, (event) => {
    const marked = event.target.closest?.("input.cell, rect[data-cell]");
    if (!marked || marked === document.activeElement) return;
    point(marked.dataset.cell, on);
  });
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-goto], rect[data-cell]");
  if (target) goTo(target.dataset.goto ?? target.dataset.cell);
  const button = event.target.closest("[data-zoom]");
  if (button) zoom(Number(button.dataset.zoom));
});

// A refusal comes with the card as it is now: it is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:afterSettle", paint);

// Nothing came back, or nothing that can be shown: who has typed has to know.
function notSaved(why) {
  const told = document.getElementById("told");
  told.className = "told bad";
  told.textContent = `Not saved: ${why} Type it again.`;
}
document.addEventListener("htmx:sendError", () => notSaved("the console does not answer."));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  notSaved(status === 401 ? "your session has ended; sign in again." : `the console answered ${status}.`);
});

// On a phone a whole page is too small to be read.
if (matchMedia("(max-width: 700px)").matches) zoom(2);
paint();
