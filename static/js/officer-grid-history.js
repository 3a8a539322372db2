// Undo and redo of one's own entries. Each is a new save, against the version that is now held, and stands in the history as what it is.

const UNDONE = "Undone by the person who entered it.";
const REDONE = "Entered again after it was undone.";

export class History {
  constructor({ cells, saving, report, buttons }) {
    Object.assign(this, { cells, saving, report, buttons });
    this.done = [];
    this.undone = [];
    this.turn = Promise.resolve();
  }

  // An entry by the person: saved, and remembered once it is.
  async enter(cell, typed) {
    const step = { line: this.cells.lineOf(cell), column: cell.dataset.column, from: cell.dataset.exact };
    const isSaved = await this.saving.save(cell, typed);
    if (isSaved) this.remember([{ ...step, to: cell.dataset.exact }]);
  }

  remember(steps) {
    this.done.push(steps);
    this.undone = [];
    this.offer();
  }

  undo() {
    this.turn = this.turn.then(() => this.step(this.done, this.undone, "from", UNDONE, "undo"));
  }

  redo() {
    this.turn = this.turn.then(() => this.step(this.undone, this.done, "to", REDONE, "redo"));
  }

  async step(source, target, end, reason, word) {
    const steps = source.pop();
    if (!steps) return this.report.say(`There is nothing to ${word}.`);
    const left = await this.saveAll(steps, end, reason);
    if (!left.length) target.push(steps);
    const cell = this.cells.cellOf(steps[0].line, steps[0].column);
    if (cell && !document.querySelector("dialog[open]")) this.cells.focus(cell);
    return this.offer();
  }

  // A figure that must wait for its neighbour, as a best case for its outturn, is tried again after the others.
  async saveAll(steps, end, reason) {
    let left = steps;
    for (let before = Infinity; left.length && left.length < before; ) {
      before = left.length;
      const refused = [];
      for (const step of left) {
        const cell = this.cells.cellOf(step.line, step.column);
        if (cell && !(await this.saving.save(cell, step[end], { reason }))) refused.push(step);
      }
      left = refused;
    }
    return left;
  }

  offer() {
    this.buttons.undo.disabled = !this.done.length;
    this.buttons.redo.disabled = !this.undone.length;
  }
}
