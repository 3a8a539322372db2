// One field for the cell that is being edited. Enter and Tab keep what was typed, Escape leaves the cell as it was.

export class Editing {
  constructor(cells, onEntered) {
    this.cells = cells;
    this.onEntered = onEntered;
    this.field = document.createElement("input");
    this.field.type = "text";
    this.field.autocomplete = "off";
    this.field.maxLength = 40;
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.close(true, null));
    this.cell = null;
  }

  // Without a first character the field begins with what the cell holds, or with what was typed there and is not saved.
  open(cell, first) {
    if (this.cell) this.close(true, null);
    this.cell = cell;
    this.before = cell.dataset.typed !== undefined ? cell.dataset.typed : cell.dataset.exact;
    this.field.setAttribute("aria-label", `${this.cells.headingOf(cell)}, ${this.cells.nameOf(cell)}`);
    this.field.value = first === undefined ? this.before : first;
    cell.classList.add("is-editing");
    cell.append(this.field);
    this.field.focus();
    if (first === undefined) this.field.select();
  }

  key(event) {
    event.stopPropagation();
    const cell = this.cell;
    if (event.key === "Enter") this.close(true, this.cells.below(cell, event.shiftKey ? -1 : 1));
    else if (event.key === "Escape") this.close(false, cell);
    else if (event.key === "Tab") this.close(true, this.cells.next(cell, event.shiftKey ? -1 : 1) || cell);
    else return;
    event.preventDefault();
  }

  close(keeps, goTo) {
    const cell = this.cell;
    if (!cell) return;
    this.cell = null;
    const typed = this.field.value.trim();
    cell.classList.remove("is-editing");
    this.field.remove();
    if (goTo) this.cells.focus(goTo);
    if (keeps && typed !== this.before) this.enter(cell, typed);
  }

  enter(cell, typed) {
    if (cell.dataset.typed === undefined && typed === cell.dataset.exact) return;
    this.onEntered(cell, typed);
  }
}
