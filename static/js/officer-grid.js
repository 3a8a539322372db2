// The forecast grid in place of its forms: edited like a spreadsheet, saved cell by cell. Without script the forms stand.

import { Block } from "./officer-grid-block.js";
import { Cells } from "./officer-grid-cells.js";
import { Dialogs } from "./officer-grid-dialogs.js";
import { Drafts } from "./officer-grid-drafts.js";
import { Editing } from "./officer-grid-editing.js";
import { History } from "./officer-grid-history.js";
import { listen } from "./officer-grid-keys.js";
import { Report } from "./officer-grid-report.js";
import { Saving } from "./officer-grid-saving.js";
import { Sending } from "./officer-grid-sending.js";
import { LinePanel } from "./officer-line-panel.js";

const root = document.getElementById("grid");

// A page that came back with a mistake in a form stays a form until it is put right.
if (root && !root.classList.contains("has-mistake")) {
  const cells = new Cells(root);
  const report = new Report(root);
  const sending = new Sending(root);
  const dialogs = new Dialogs(root);
  const drafts = new Drafts(root.dataset.draftKey);
  const saving = new Saving({ cells, sending, drafts, dialogs, report });
  report.saving = saving;
  const button = (name) => root.querySelector(`[data-do=${name}]`);
  const history = new History({ cells, saving, report, buttons: { undo: button("undo"), redo: button("redo") } });
  const editing = new Editing(cells, (cell, typed) => history.enter(cell, typed));
  const block = new Block({ cells, sending, dialogs, report, history, saving });
  const panel = new LinePanel({ cells, sending, report });
  listen({ cells, editing, block, report, panel });

  button("undo").addEventListener("click", () => history.undo());
  button("redo").addEventListener("click", () => history.redo());
  button("paste").addEventListener("click", () => block.askAndTake());
  button("again").addEventListener("click", () => saving.again());
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.tagName === "INPUT" || event.target.tagName === "TEXTAREA") return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) history.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) history.redo();
    else return;
    event.preventDefault();
  });
  window.addEventListener("online", () => saving.again());
  window.addEventListener("beforeunload", (event) => {
    if (saving.waiting) event.preventDefault();
  });

  root.querySelector(".grid-bar").hidden = false;
  root.classList.add("is-live-page");
  document.querySelectorAll(".ledger-scroll").forEach((region) => region.removeAttribute("tabindex"));
  const restored = saving.restore();
  if (!cells.openCells().length) root.querySelector("#grid-summary").textContent = "To be read only.";
  if (restored) {
    report.state();
    report.say(`What you typed before is back in ${restored === 1 ? "its cell" : `${restored} cells`}, not saved yet.`);
  }
  if (!cells.openCells().length) button("paste").disabled = true;
}
