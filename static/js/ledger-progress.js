// Shows how far the worker is with a ledger file, and loads the page anew once it is further. Without script the page refreshes itself.

const place = document.querySelector("[data-ledger]");
const pause = 1000;

async function look() {
  try {
    const answer = await fetch(place.dataset.ledger, { cache: "no-store" });
    const now = await answer.json();
    if (now.lost || !["staged", "checking", "applying"].includes(now.state) || now.state !== place.dataset.state) {
      window.location.reload();
      return;
    }
    if (now.all) {
      const bar = place.querySelector("progress");
      bar.max = now.all;
      bar.value = now.done;
      place.querySelector("[data-words]").textContent = `${now.done} of ${now.all} rows are read.`;
    }
  } catch {
    // The connection may come back; the link on the page works meanwhile.
  }
  window.setTimeout(look, pause);
}

if (place) window.setTimeout(look, pause);
