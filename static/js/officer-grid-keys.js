// The keyboard and the pointer in the grid: moving, selecting a block, and starting to edit.

export function listen({ cells, editing, block, report, panel }) {
  const root = cells.root;

  function move(event, cell, down, across) {
    const next = cells.at(cell, down, across);
    if (event.shiftKey) block.extendTo(next);
    else block.clear();
    cells.focus(next);
    event.preventDefault();
  }

  function toEdge(event, cell) {
    const rows = cells.rowsOf(cell);
    const row = event.ctrlKey || event.metaKey ? (event.key === "Home" ? rows[0] : rows[rows.length - 1]) : cell.parentElement;
    const next = row.cells[event.key === "Home" ? 0 : cells.widthOf(cell) - 1];
    if (event.shiftKey) block.extendTo(next);
    else block.clear();
    cells.focus(next);
    event.preventDefault();
  }

  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0] };

  root.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || event.target !== cell || !cell.closest("table.grid")) return;
    if (moves[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) move(event, cell, ...moves[event.key]);
    else if (event.key === "Home" || event.key === "End") toEdge(event, cell);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      panel.openRow(cell);
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === "F2") activate(event, cell);
    else if (event.key === "Tab") tab(event, cell);
    else if (event.key === "Escape") block.clear();
    else typeOver(event, cell);
  });

  // Why a cell does not take what is typed.
  function sayLocked(cell) {
    const lock = cell.parentElement.querySelector(".grid-lock");
    report.say(lock && cell.dataset.column ? `${lock.textContent}. This figure cannot be changed here.` : "This figure is worked out. It cannot be changed here.");
  }

  // Enter on a cell that is not open follows its link, as in any grid: here it opens the line.
  function activate(event, cell) {
    const link = cell.querySelector("a");
    if (cell.classList.contains("cell-open")) editing.open(cell);
    else if (link) link.click();
    else sayLocked(cell);
    event.preventDefault();
  }

  // Tab goes to the next open cell, and at the last of them out of the grid.
  function tab(event, cell) {
    const open = cells.openCells();
    const here = open.indexOf(cell);
    const next = here >= 0 ? open[here + (event.shiftKey ? -1 : 1)] : undefined;
    if (!next) return;
    block.clear();
    cells.focus(next);
    event.preventDefault();
  }

  function typeOver(event, cell) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!cell.classList.contains("cell-open")) {
      if (/^[\d.,£()-]$/.test(event.key) || event.key === "Delete") sayLocked(cell);
      return;
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      editing.enter(cell, "");
      event.preventDefault();
    } else if (event.key.length === 1 && event.key !== " ") {
      editing.open(cell, event.key);
      event.preventDefault();
    }
  }

  root.addEventListener("mousedown", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || !cell.closest("table.grid") || event.target.closest("a, input")) return;
    if (event.shiftKey) {
      block.extendTo(cell);
      event.preventDefault();
    } else {
      block.clear();
    }
    cells.setCurrent(cell);
  });
  root.addEventListener("dblclick", (event) => {
    const cell = event.target.closest(".cell-open");
    if (cell && event.target.tagName !== "INPUT") editing.open(cell);
  });
  root.addEventListener("focusin", (event) => {
    if (event.target.matches("table.grid td, table.grid th")) cells.setCurrent(event.target);
  });
}
