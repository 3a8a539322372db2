// Looks every few seconds whether the report is made, and then shows it. Without script the page has a link to look again.

const waiting = document.querySelector("[data-report]");
const pause = 3000;

async function look() {
  try {
    const answer = await fetch(waiting.dataset.report, { method: "HEAD", cache: "no-store" });
    if (answer.status !== 202) {
      window.location.reload();
      return;
    }
  } catch {
    // The connection may come back; the link on the page works meanwhile.
  }
  window.setTimeout(look, pause);
}

if (waiting) {
  waiting.querySelector("[data-scripted]").hidden = false;
  window.setTimeout(look, pause);
}
