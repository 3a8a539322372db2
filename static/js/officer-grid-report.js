// What the page says: the summary in the bar, the words for screen readers, and the notice that must not be missed.

const TITLES = {
  refused: "Not saved",
  missing: "Not saved",
  conflict: "Not saved: somebody else saved first",
  "signed-out": "You are signed out",
  closed: "These figures can no longer be changed",
  unreached: "Not saved",
  "stale-page": "Not saved",
  denied: "You may not change this",
};

export class Report {
  constructor(root) {
    this.root = root;
    this.said = root.querySelector("#grid-said");
    this.summary = root.querySelector("#grid-summary");
    this.place = root.querySelector("#grid-notice");
    this.again = root.querySelector("[data-do=again]");
  }

  // Two words after one another must both be heard: the region is emptied in between.
  say(words) {
    this.said.textContent = "";
    window.setTimeout(() => (this.said.textContent = words), 30);
  }

  state() {
    const failed = this.saving.unsaved().length;
    const waiting = this.saving.waiting;
    this.summary.classList.toggle("is-failed", failed > 0);
    this.again.hidden = !failed;
    if (failed) this.summary.textContent = failed === 1 ? "1 figure is not saved." : `${failed} figures are not saved.`;
    else if (waiting) this.summary.textContent = "Saving…";
    else {
      this.summary.textContent = "Everything is saved.";
      this.clearNotice();
    }
  }

  notice(answer) {
    if (!TITLES[answer.state]) return;
    const notice = document.createElement("div");
    notice.className = `notice notice-${answer.state === "closed" ? "locked" : "error"}`;
    const title = document.createElement("p");
    title.className = "notice-title";
    title.textContent = TITLES[answer.state];
    const words = document.createElement("p");
    words.textContent = answer.of ? `${answer.of}: ${answer.words}` : answer.words;
    notice.append(title, words);
    if (answer.sign_in) {
      const door = document.createElement("p");
      const link = document.createElement("a");
      link.href = answer.sign_in;
      link.textContent = "Sign in and come back here";
      door.append(link);
      notice.append(door);
    }
    this.place.replaceChildren(notice);
  }

  // Typed before the figures were locked: to be copied, or let go.
  left(entries, discard) {
    const notice = document.createElement("div");
    notice.className = "notice notice-locked";
    const title = document.createElement("p");
    title.className = "notice-title";
    title.textContent = "You typed this before the figures were locked; it was not saved";
    const list = document.createElement("ul");
    entries.forEach(({ words }) => {
      const item = document.createElement("li");
      item.textContent = words;
      list.append(item);
    });
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-plain";
    button.textContent = "Let it go";
    button.addEventListener("click", () => {
      discard();
      notice.remove();
    });
    notice.append(title, list, button);
    this.place.append(notice);
  }

  clearNotice() {
    this.place.replaceChildren();
  }
}
