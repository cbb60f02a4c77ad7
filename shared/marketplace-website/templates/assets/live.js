// Keeps the page as it would be after a reload: asks for it again and swaps what changed.
"use strict";
const log = document.getElementById("log");
let tag = "";

function swap(fresh) {
  for (const region of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(region.id);
    if (!other || other.innerHTML === region.innerHTML) continue;
    if (region.dataset.live === "rows") rows(region, other);
    else replace(region, other);
  }
}

// Whoever was about to press a button keeps it under the finger, and what was opened or closed stays so.
function replace(region, other) {
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  const opened = [...region.querySelectorAll("details[id]")].map((known) => [known.id, known.open]);
  region.innerHTML = other.innerHTML;
  for (const [id, open] of opened) {
    const known = document.getElementById(id);
    if (known) known.open = open;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// Only new and changed rows are touched, so that a screen reader hears just those. Each stands where the server has it:
// when newer rows are left out, older ones come back, and belong before the rest.
function rows(list, other) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  for (const row of [...list.children]) if (!other.querySelector("#" + row.id)) row.remove();
  let next = list.firstElementChild;
  for (const row of [...other.children]) {
    const known = list.querySelector("#" + row.id);
    const isInPlace = known !== null && known === next;
    if (isInPlace) next = known.nextElementSibling;
    if (known && known.innerHTML === row.innerHTML) {
      if (!isInPlace) list.insertBefore(known, next);
      continue;
    }
    // An old row that comes back is no news.
    if (known || !next) row.classList.add("fresh");
    known?.remove();
    list.insertBefore(row, next);
  }
  if (atEnd) log.scrollTop = log.scrollHeight;
}

// The answer comes when something has changed, or after half a minute.
async function look() {
  const headers = tag ? { "if-none-match": tag, prefer: "wait" } : {};
  const answer = await fetch(location.pathname, { headers });
  if (answer.status === 304) return;
  // Signed out, or the customer is no more: what stands here is not to be read on.
  if ([401, 404, 410].includes(answer.status)) return leave(answer.status);
  if (answer.status !== 200) throw new Error("this page is not to be had now");
  tag = answer.headers.get("etag") ?? "";
  swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

// The button that ended it may be on its way to another page: that has a moment's precedence.
async function leave(status) {
  if (status === 404) await new Promise((resolve) => setTimeout(resolve, 2000));
  location.reload();
  return new Promise(() => {});
}

function visible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}

async function watch() {
  for (;;) {
    await visible();
    try {
      await look();
    } catch {
      // Being restarted, perhaps.
      tag = "";
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

if (log) log.scrollTop = log.scrollHeight;
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.who[open]")) if (!menu.contains(event.target)) menu.open = false;
});
watch();
