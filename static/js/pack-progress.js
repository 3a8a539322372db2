// Shows how far the worker is with a pack, and loads the page anew once it is further. Without script the page refreshes itself.

const place = document.querySelector("[data-pack]");
const pause = 1500;

async function look() {
  try {
    const answer = await fetch(place.dataset.pack, { cache: "no-store" });
    const now = await answer.json();
    if (now.state !== place.dataset.state) {
      window.location.reload();
      return;
    }
    const bar = place.querySelector("progress");
    bar.max = now.all || 1;
    bar.value = now.done;
    place.querySelector("[data-words]").textContent = `${now.words}.`;
  } catch {
    // The connection may come back; the link on the page works meanwhile.
  }
  window.setTimeout(look, pause);
}

if (place) window.setTimeout(look, pause);
