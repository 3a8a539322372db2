// The grid's cells: finding them, moving among them, and painting what an answer says.

const GLYPHS = { saving: "…", saved: "✓", failed: "!", conflict: "≠" };

export class Cells {
  constructor(root) {
    this.root = root;
    this.tables = [...root.querySelectorAll("table.grid")];
    this.headings = [...this.tables[0].tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    this.tables.forEach((table) => this.prepare(table));
    [...this.tables].reverse().forEach((table) => this.setCurrent(table.querySelector(".cell-open") || table.tBodies[0].rows[0].cells[0]));
  }

  // The table becomes a grid: cells are text until they are edited, and one of them is the tab stop.
  prepare(table) {
    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    table.classList.add("is-live");
    table.querySelectorAll(".cell-open > input").forEach((input) => input.remove());
    table.querySelectorAll(".row-said").forEach((row) => row.remove());
    for (const row of table.rows) {
      for (const cell of row.cells) {
        cell.tabIndex = -1;
        if (cell.matches("td:not(.cell-open)")) cell.setAttribute("aria-readonly", "true");
        cell.querySelectorAll("a").forEach((link) => (link.tabIndex = -1));
      }
    }
  }

  // Each table is a grid of its own, with one tab stop.
  setCurrent(cell) {
    cell.closest("table").querySelectorAll('[tabindex="0"]').forEach((other) => (other.tabIndex = -1));
    this.current = cell;
    cell.tabIndex = 0;
  }

  focus(cell) {
    if (!cell) return;
    this.setCurrent(cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  rowsOf(cell) {
    return [...cell.closest("table").rows];
  }

  // Columns that can be seen; the last, with the buttons of the page without script, cannot.
  widthOf(cell) {
    return cell.parentElement.cells.length - 1;
  }

  at(cell, down, across) {
    const rows = this.rowsOf(cell);
    const row = rows[Math.min(Math.max(rows.indexOf(cell.parentElement) + down, 0), rows.length - 1)];
    return row.cells[Math.min(Math.max(cell.cellIndex + across, 0), this.widthOf(cell) - 1)];
  }

  // The next open cell of the same column, over the totals between; where there is none, the cell beside.
  below(cell, step) {
    const rows = this.rowsOf(cell);
    for (let at = rows.indexOf(cell.parentElement) + step; rows[at]; at += step) {
      const next = rows[at].cells[cell.cellIndex];
      if (next && next.classList.contains("cell-open")) return next;
    }
    return this.at(cell, step, 0);
  }

  openCells() {
    return [...this.root.querySelectorAll(".cell-open")];
  }

  next(cell, step) {
    const open = this.openCells();
    return open[open.indexOf(cell) + step];
  }

  lineOf(cell) {
    return cell.parentElement.dataset.line;
  }

  rowOf(line) {
    return this.root.querySelector(`tr[data-line="${line}"]`);
  }

  cellOf(line, column) {
    const row = this.rowOf(line);
    return row && row.querySelector(`td[data-column="${column}"]`);
  }

  nameOf(cell) {
    const link = cell.parentElement.cells[0].querySelector("a");
    return (link || cell.parentElement.cells[0]).textContent.trim();
  }

  headingOf(cell) {
    return this.headings[cell.cellIndex];
  }

  lineIds() {
    return [...this.root.querySelectorAll("tr[data-line]")].map((row) => Number(row.dataset.line));
  }

  text(cell) {
    return cell.querySelector(".cell-value").textContent;
  }

  show(cell, text) {
    cell.querySelector(".cell-value").textContent = text;
  }

  // What has become of a cell: a glyph in its corner, and the same in words for a screen reader.
  mark(cell, state, words) {
    cell.classList.remove("cell-saving", "cell-saved", "cell-failed", "cell-conflict");
    cell.querySelectorAll(".cell-state, .cell-state-words").forEach((part) => part.remove());
    if (!state) return;
    cell.classList.add(`cell-${state}`);
    const glyph = document.createElement("span");
    glyph.className = "cell-state";
    glyph.setAttribute("aria-hidden", "true");
    glyph.textContent = GLYPHS[state];
    const said = document.createElement("span");
    said.className = "cell-state-words visually-hidden";
    said.textContent = ` (${words})`;
    cell.append(glyph, said);
  }

  // Put an answer's rows on the page. A cell whose own entry is not saved keeps what was typed.
  paint(answer, { isOfPanel = false } = {}) {
    this.root.querySelectorAll(".is-fresh").forEach((cell) => cell.classList.remove("is-fresh"));
    [...(answer.rows || []), ...(answer.totals || [])].forEach((said) => this.paintRow(said));
    this.root.dispatchEvent(new CustomEvent("grid-painted", { detail: { answer, isOfPanel } }));
  }

  paintRow(said) {
    const row = document.getElementById(said.id);
    if (!row) return;
    if (said.version !== undefined) row.dataset.version = said.version;
    said.cells.forEach((text, index) => {
      const cell = row.cells[index + 1];
      const column = cell.dataset.column;
      if (column && said.exact) cell.dataset.exact = said.exact[column];
      if (column && cell.dataset.typed !== undefined) return;
      if (!column && this.text(cell) !== text) cell.classList.add("is-fresh");
      this.show(cell, text);
      if (cell.classList.contains("col-figure")) cell.classList.toggle("unknown", !/\d/.test(text));
    });
    const flag = row.querySelector(".col-flag");
    flag.classList.toggle("flag-wanted", flag.textContent.trim().endsWith("wanted"));
  }
}
