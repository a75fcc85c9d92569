// Live pages and questions before actions; every page works without this file.
"use strict";

const indicator = document.getElementById("live");
const question = document.getElementById("ask");

function show(state, text) {
  indicator.className = `live ${state}`;
  indicator.textContent = text;
}

// The server says that something has changed; what is on this page fetches itself again.
function listen() {
  const source = new EventSource("/live");
  let stale = false;
  const refresh = () => {
    stale = document.hidden || question.open;
    if (!stale) htmx.trigger(document.body, "live");
  };
  source.addEventListener("changed", refresh);
  source.addEventListener("open", () => show("on", "live"));
  source.addEventListener("error", () => {
    show("off", "reconnecting");
    // A refusal ends it for good: try again, for the console may have been restarted.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
  const catchUp = () => { if (stale) refresh(); };
  document.addEventListener("visibilitychange", catchUp);
  question.addEventListener("close", catchUp);
  addEventListener("pagehide", () => source.close());
}

// A link to a question opens it in a dialog; without a script it is a page of its own.
async function ask(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("form.question");
  if (!found) {
    location.assign(link.href);
    return;
  }
  question.replaceChildren(found);
  question.showModal();
  question.querySelector("[data-close]").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-ask]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    ask(link).catch(() => location.assign(link.href));
  }
  if (question.open && event.target.closest("[data-close]")) {
    event.preventDefault();
    question.close();
  }
});

// On a phone the navigation is wider than the screen: show where this page stands in it.
const here = document.querySelector(".top [aria-current=page]");
if (here) here.closest("nav").scrollLeft = here.offsetLeft - here.closest("nav").offsetLeft - 60;
if (indicator) listen();
