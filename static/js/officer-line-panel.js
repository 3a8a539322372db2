// One line opened beside the grid, in the main part of its own page. On a narrow screen it takes the whole of it.

import { keepDraft, restoreDraft } from "./officer-form-drafts.js";
import { LinePage } from "./officer-line-page.js";

const NARROW = window.matchMedia("(max-width: 960px)");

function part(name, className, words) {
  const made = document.createElement(name);
  made.className = className;
  if (words) made.textContent = words;
  return made;
}

export class LinePanel {
  constructor({ cells, sending, report }) {
    Object.assign(this, { cells, sending, report });
    this.turn = 0;
    this.dialog = this.build();
    const both = part("div", "grid-and-panel");
    cells.root.replaceWith(both);
    both.append(cells.root, this.dialog);
    cells.root.querySelectorAll("tr[data-line] a").forEach((link) => link.setAttribute("aria-haspopup", "dialog"));
    cells.root.addEventListener("click", (event) => this.clicked(event));
    cells.root.addEventListener("grid-painted", (event) => this.painted(event.detail));
    NARROW.addEventListener("change", () => this.isOpen && this.show());
  }

  get isOpen() {
    return this.dialog.open;
  }

  build() {
    const dialog = part("dialog", "line-panel");
    dialog.setAttribute("aria-labelledby", "line-panel-heading");
    const bar = part("div", "line-panel-bar");
    this.heading = part("h2", "line-panel-heading");
    this.heading.id = "line-panel-heading";
    this.heading.tabIndex = -1;
    this.link = part("a", "", "Open as a page");
    const close = part("button", "button-plain", "Close");
    close.type = "button";
    bar.append(this.heading, this.link, close);
    this.notice = part("div", "line-panel-notice");
    this.notice.setAttribute("role", "alert");
    this.body = part("div", "line-panel-body");
    dialog.append(bar, this.notice, this.body);
    close.addEventListener("click", () => this.close());
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close();
    });
    dialog.addEventListener("submit", (event) => this.submitted(event));
    return dialog;
  }

  // A plain press of a line's link opens it here; with Ctrl or the middle button it opens where the browser opens it.
  clicked(event) {
    const link = event.target.closest("tr[data-line] a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.open(link.closest("th, td"), link.href);
  }

  openRow(cell) {
    const link = cell.parentElement.cells[0].querySelector("a");
    if (link && cell.parentElement.dataset.line) this.open(cell, link.href);
  }

  async open(cell, address) {
    this.from = cell;
    this.line = cell.parentElement.dataset.line;
    this.page = new LinePage(address);
    this.link.href = address;
    this.heading.textContent = this.cells.nameOf(cell);
    this.notice.replaceChildren();
    this.body.replaceChildren(part("p", "quiet", "Loading…"));
    this.show();
    this.heading.focus();
    await this.load(new URL(address).hash);
  }

  show() {
    if (this.isOpen) this.dialog.close();
    if (NARROW.matches) this.dialog.showModal();
    else this.dialog.show();
  }

  close() {
    const isKept = this.forms().some((form) => this.isTouched(form));
    this.turn += 1; // an answer that is still on its way is not wanted
    this.dialog.close();
    this.body.replaceChildren();
    if (isKept) this.report.say("The line is closed. What you typed there is kept, and is back when you open it again.");
    if (this.from.isConnected) this.cells.focus(this.from);
  }

  async load(hash = "") {
    const turn = (this.turn += 1);
    this.body.setAttribute("aria-busy", "true");
    const answer = await this.page.fetch();
    if (turn === this.turn) this.fill(answer, hash);
  }

  fill(answer, hash = "") {
    this.body.removeAttribute("aria-busy");
    if (answer.problem) {
      if (!this.forms().length) this.body.replaceChildren();
      this.say(answer);
      return;
    }
    this.notice.replaceChildren();
    this.heading.textContent = answer.title;
    this.body.replaceChildren(...answer.parts);
    this.forms().forEach((form) => {
      restoreDraft(form, this.keyOf(form));
      form.addEventListener("input", () => keepDraft(form, this.keyOf(form)));
    });
    const place = hash && this.body.querySelector(hash);
    if (place) place.scrollIntoView();
    else this.dialog.scrollTop = 0;
  }

  forms() {
    return [...this.body.querySelectorAll("form")].filter((form) => this.page.isMine(form));
  }

  keyOf(form) {
    return `draft ${form.dataset.draft || new URL(form.action).pathname}`;
  }

  isTouched(form) {
    return sessionStorage.getItem(this.keyOf(form)) !== null;
  }

  // What could not be done stands above the form, which stays as it was typed.
  say({ problem, door }) {
    const notice = part("div", "notice notice-error");
    notice.append(part("p", "notice-title", problem));
    if (door) {
      const link = part("a", "", "Sign in and come back to the grid");
      link.href = door;
      const place = part("p", "");
      place.append(link);
      notice.append(place);
    }
    this.notice.replaceChildren(notice);
    this.dialog.scrollTop = 0;
  }

  async submitted(event) {
    const form = event.target;
    if (!this.page.isMine(form)) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "true";
    const turn = this.turn;
    const answer = await this.page.send(form, event.submitter);
    delete form.dataset.sending;
    if (answer.isSaved) sessionStorage.removeItem(this.keyOf(form));
    if (turn === this.turn) this.answered(answer);
    if (answer.isSaved) await this.refreshRow(this.line);
  }

  answered(answer) {
    this.fill(answer);
    if (answer.problem) return;
    const mistake = this.body.querySelector(".error-summary");
    if (mistake) {
      mistake.tabIndex = -1;
      mistake.focus();
    } else {
      this.heading.focus();
      const said = this.body.querySelector(".message-list");
      if (said) this.report.say(said.textContent.trim());
    }
  }

  // The row and its totals, as the server has them now.
  async refreshRow(line) {
    const answer = await this.sending.get(`${this.cells.root.dataset.rowUrl}?line=${line}`);
    if (answer.state === "shown") this.cells.paint(answer, { isOfPanel: true });
    else this.report.say(answer.words);
  }

  // The line was changed in the grid while it is open here: shown anew, unless something is typed here that is not saved.
  painted({ answer, isOfPanel }) {
    if (!this.isOpen || isOfPanel || !(answer.rows || []).some((row) => row.id === `line-${this.line}`)) return;
    if (this.forms().some((form) => this.isTouched(form))) {
      this.say({ problem: "This line’s figures were changed in the grid meanwhile. What you typed here is kept; when you save it, both are compared." });
    } else this.load();
  }
}
