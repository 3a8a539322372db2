// A selected block: chosen with Shift, copied as tab-separated text; and a block pasted, previewed by the server before anything is written.

export class Block {
  constructor({ cells, sending, dialogs, report, history, saving }) {
    Object.assign(this, { cells, sending, dialogs, report, history, saving });
    this.from = null;
    document.addEventListener("copy", (event) => this.copy(event));
    document.addEventListener("paste", (event) => this.pasted(event));
  }

  clear() {
    this.from = null;
    this.to = null;
    this.cells.root.querySelectorAll(".is-chosen").forEach((cell) => {
      cell.classList.remove("is-chosen");
      cell.removeAttribute("aria-selected");
    });
  }

  extendTo(cell) {
    const from = this.from || this.cells.current;
    this.clear();
    this.from = from;
    this.to = cell.closest("table") === from.closest("table") ? cell : from;
    this.chosen().flat().forEach((each) => {
      each.classList.add("is-chosen");
      each.setAttribute("aria-selected", "true");
    });
  }

  // The chosen cells, row by row; without a block, the cell in which one is.
  chosen() {
    if (!this.from) return [[this.cells.current]];
    const rows = this.cells.rowsOf(this.from);
    const [top, bottom] = [rows.indexOf(this.from.parentElement), rows.indexOf(this.to.parentElement)].sort((a, b) => a - b);
    const [left, right] = [this.from.cellIndex, this.to.cellIndex].sort((a, b) => a - b);
    return rows.slice(top, bottom + 1).map((row) => [...row.cells].slice(left, right + 1));
  }

  // As a spreadsheet takes it: exact figures without commas and with an ASCII minus.
  asText(cell) {
    if (cell.dataset.typed !== undefined) return cell.dataset.typed;
    const text = cell.dataset.exact !== undefined ? cell.dataset.exact : (cell.querySelector(".cell-value, a") || cell).textContent.trim();
    return /^[-\u2212]?[\d,]+(\.\d+)?$/.test(text) ? text.replaceAll(",", "").replace("\u2212", "-") : text.replace(/\s+/g, " ");
  }

  copy(event) {
    if (!this.isHere() || String(document.getSelection())) return;
    const rows = this.chosen();
    event.clipboardData.setData("text/plain", rows.map((row) => row.map((cell) => this.asText(cell)).join("\t")).join("\n"));
    event.preventDefault();
    this.report.say(`Copied ${rows.length === 1 ? "1 row" : `${rows.length} rows`}.`);
  }

  isHere() {
    const active = document.activeElement;
    return active.matches("table.grid td, table.grid th") && this.cells.root.contains(active);
  }

  pasted(event) {
    if (!this.isHere()) return;
    event.preventDefault();
    this.take(event.clipboardData.getData("text/plain"));
  }

  async askAndTake() {
    const text = await this.dialogs.block();
    if (text) await this.take(text);
  }

  // A single figure is typed into the cell; anything larger is previewed.
  async take(text) {
    const cell = this.from ? this.chosen()[0][0] : this.cells.current;
    const alone = text.replace(/[\r\n]+$/, "");
    if (!/[\t\n]/.test(alone) && cell.classList.contains("cell-open")) {
      this.history.enter(cell, alone.trim());
      return;
    }
    const row = cell.parentElement.dataset.line ? cell.parentElement : null;
    const request = { text, line: row ? Number(row.dataset.line) : 0, column: cell.dataset.column || this.columnAt(cell), lines: this.cells.lineIds() };
    const answer = await this.sending.post(this.cells.root.dataset.pasteUrl, request);
    if (answer.state !== "preview") return this.refused(answer);
    const choice = await this.dialogs.preview(answer);
    if (!choice) return this.report.say("The block was not applied.");
    const applied = await this.sending.post(this.cells.root.dataset.applyUrl, { ...request, versions: answer.versions, key: this.sending.newKey(), reason: choice.reason });
    if (applied.state !== "saved") return this.refused(applied);
    this.cells.paint(applied);
    answer.changes.forEach((change) => {
      const changed = this.cells.cellOf(change.line, change.column);
      if (changed) this.cells.mark(changed, "saved", "saved");
    });
    this.history.remember(answer.changes.map((change) => ({ line: change.line, column: change.column, from: change.was, to: change.new })));
    return this.report.say(applied.words);
  }

  columnAt(cell) {
    const names = [...this.cells.root.querySelectorAll("tr[data-line]")][0];
    const open = names && [...names.cells].slice(cell.cellIndex).find((each) => each.dataset.column);
    return open ? open.dataset.column : "";
  }

  refused(answer) {
    this.report.say(answer.words);
    this.report.notice(answer);
  }
}
