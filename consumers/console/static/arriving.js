// Files go from here straight into the object store; the server shows how they fare from then on.
"use strict";

const drop = document.getElementById("drop");
const arrivals = document.getElementById("arrivals");
const departure = document.getElementById("departure");
const maxBytes = Number(drop?.dataset.maxBytes);
const mediaTypes = JSON.parse(drop?.dataset.mediaTypes ?? "{}");
const AT_ONCE = 3;
const PAUSE = 250;
// The server takes 50 requests a second from one address.
const PAUSE_EACH = 40;

function mediaType(file) {
  const suffix = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  return mediaTypes[suffix] ?? file.type;
}

async function call(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.detail ?? `The console answered ${answer.status}.`);
  return told;
}

function put(url, file, type, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", (event) => progress(event.loaded / (event.total || 1)));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve();
      else reject(new Error(`The object store refused the file (${request.status}).`));
    });
    request.addEventListener("error", () => reject(new Error("The object store cannot be reached from this browser: is its address public, and does its CORS rule allow PUT?")));
    request.send(file);
  });
}

class Departure {
  constructor(file) {
    this.file = file;
    this.item = departure.content.firstElementChild.cloneNode(true);
    this.item.querySelector("h2").textContent = file.name;
    this.bar = this.item.querySelector("progress");
    this.bar.setAttribute("aria-label", `${file.name}, sent`);
    this.told = this.item.querySelector(".told");
    arrivals.prepend(this.item);
  }

  async go() {
    const { file } = this;
    if (file.size > maxBytes) throw new Error(`It has ${file.size.toLocaleString("en")} bytes; ${maxBytes.toLocaleString("en")} are read at most.`);
    if (!file.size) throw new Error("It is empty.");
    const type = mediaType(file);
    this.told.textContent = "It is sent.";
    const begun = await call("/api/uploads/initiate", {
      filename: file.name,
      content_type: type,
      game_id: document.getElementById("game").value.trim() || null,
    });
    await put(begun.presigned_url, file, type, (part) => { this.bar.value = part; });
    this.told.textContent = "It has arrived.";
    await call(`/api/uploads/${encodeURIComponent(begun.upload_id)}/complete`, { file_size: file.size });
    await htmx.ajax("GET", `/uploads/${encodeURIComponent(begun.upload_id)}/arrival`, { target: this.item, swap: "outerHTML" });
  }

  fail(error) {
    this.bar.remove();
    this.told.className = "told problem";
    this.told.setAttribute("role", "alert");
    this.told.textContent = error.message;
    const again = document.createElement("button");
    again.textContent = "Try again";
    again.addEventListener("click", () => {
      this.item.remove();
      send([this.file]);
    });
    this.item.append(again);
  }
}

const line = [];
let going = 0;
async function next() {
  if (going >= AT_ONCE || !line.length) return;
  going += 1;
  const one = line.shift();
  try {
    await one.go();
  } catch (error) {
    one.fail(error);
  }
  going -= 1;
  next();
}

function send(files) {
  for (const file of files) {
    line.push(new Departure(file));
    next();
  }
}

function lookOn() {
  const waiting = arrivals.querySelectorAll("[hx-get]").length;
  if (waiting && !document.hidden) htmx.trigger(document.body, "arrivals");
  setTimeout(lookOn, Math.max(PAUSE, waiting * PAUSE_EACH));
}

if (drop) {
  const files = document.getElementById("files");
  files.addEventListener("change", () => {
    send([...files.files]);
    files.value = "";
  });
  drop.addEventListener("submit", (event) => event.preventDefault());
  // The whole window takes files: one that misses the field would replace the page.
  addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    send([...event.dataTransfer.files]);
  });
  lookOn();
}
