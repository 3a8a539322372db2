// Saving cell by cell, one request at a time for each line so that each knows the version the last one made.

export class Saving {
  constructor({ cells, sending, drafts, dialogs, report }) {
    Object.assign(this, { cells, sending, drafts, dialogs, report });
    this.queues = new Map();
    this.unheard = new Map();
    this.waiting = 0;
  }

  // Resolves to true when the figure is saved.
  save(cell, typed, options = {}) {
    const line = this.cells.lineOf(cell);
    cell.dataset.typed = typed;
    this.cells.show(cell, typed || "blank");
    this.cells.mark(cell, "saving", "saving");
    this.drafts.keep(line, cell.dataset.column, typed);
    this.waiting += 1;
    this.report.state();
    const before = this.queues.get(line) || Promise.resolve();
    const done = before.then(() => this.send(cell, typed, options)).finally(() => {
      this.waiting -= 1;
      this.report.state();
    });
    this.queues.set(line, done.catch(() => false));
    return done;
  }

  async send(cell, typed, { reason = "" }) {
    if (cell.dataset.typed !== typed) return false; // a later entry in the same cell has taken its place
    const attempt = this.attempt(cell, typed, reason);
    const answer = await this.sending.post(this.cells.root.dataset.cellUrl, attempt);
    if (answer.state !== "unreached") this.unheard.delete(cell);
    if (this.isOnlyOurs(cell, attempt, answer)) return this.send(cell, typed, { reason });
    if (cell.dataset.typed !== typed) {
      if (answer.state === "saved") this.cells.paint(answer);
      return answer.state === "saved";
    }
    if (answer.state === "saved") return this.saved(cell, answer);
    if (answer.state === "questioned") return this.question(cell, typed, answer);
    if (answer.state === "conflict") return this.conflict(cell, typed, answer);
    return this.failed(cell, answer);
  }

  // What was sent and not answered is sent again as it was, with its key: if it had arrived, it is not saved twice.
  attempt(cell, typed, reason) {
    const before = this.unheard.get(cell);
    if (before && before.typed === typed && before.reason === reason) return before;
    const attempt = {
      line: Number(this.cells.lineOf(cell)),
      version: Number(cell.parentElement.dataset.version),
      column: cell.dataset.column,
      typed,
      key: this.sending.newKey(),
      reason,
    };
    this.unheard.set(cell, attempt);
    return attempt;
  }

  // It had not arrived, and meanwhile another of our own figures was saved in the row: no conflict with anybody.
  isOnlyOurs(cell, attempt, answer) {
    const version = Number(cell.parentElement.dataset.version);
    return answer.state === "conflict" && attempt.version !== version && answer.theirs[0].version === version;
  }

  saved(cell, answer) {
    delete cell.dataset.typed;
    this.drafts.drop(this.cells.lineOf(cell), cell.dataset.column);
    this.cells.paint(answer);
    this.cells.mark(cell, "saved", "saved");
    this.report.say(answer.words);
    return true;
  }

  failed(cell, answer) {
    this.cells.mark(cell, "failed", `not saved: ${answer.words}`);
    this.report.say(`${this.cells.headingOf(cell)}, ${this.cells.nameOf(cell)}: ${answer.words}`);
    this.report.notice({ ...answer, of: `${this.cells.headingOf(cell)}, ${this.cells.nameOf(cell)}` });
    return false;
  }

  async question(cell, typed, answer) {
    this.cells.mark(cell, "failed", "not saved yet: please look again");
    const reason = await this.dialogs.question(`${this.cells.headingOf(cell)}, ${this.cells.nameOf(cell)}: ${typed}`, answer.findings);
    if (reason === null) {
      this.report.say("Not saved. What you typed is in the cell.");
      this.cells.focus(cell);
      return false;
    }
    this.cells.mark(cell, "saving", "saving");
    return this.send(cell, typed, { reason });
  }

  // Both figures are offered; nothing is overwritten without being asked for.
  async conflict(cell, typed, answer) {
    const theirs = answer.theirs[0];
    const column = cell.dataset.column;
    const base = cell.dataset.exact;
    this.cells.mark(cell, "conflict", `not saved: ${theirs.by || "somebody else"} saved this line meanwhile`);
    this.report.say(answer.words);
    const keepsMine = await this.dialogs.conflict({
      what: `${this.cells.headingOf(cell)}, ${this.cells.nameOf(cell)}`,
      yours: typed || "blank",
      theirs: theirs.exact[column] || "not known",
      base: base || "not known",
      by: theirs.by || "somebody else",
      at: theirs.at,
    });
    this.cells.paint(answer);
    if (keepsMine) {
      this.cells.mark(cell, "saving", "saving");
      return this.send(cell, typed, {});
    }
    delete cell.dataset.typed;
    this.drafts.drop(this.cells.lineOf(cell), column);
    this.cells.paint(answer);
    this.cells.mark(cell, null);
    this.report.say("Theirs is kept.");
    this.cells.focus(cell);
    return false;
  }

  unsaved() {
    return this.cells.openCells().filter((cell) => cell.matches(".cell-failed, .cell-conflict") && cell.dataset.typed !== undefined);
  }

  async again() {
    this.report.clearNotice();
    for (const cell of this.unsaved()) await this.save(cell, cell.dataset.typed);
  }

  // What this tab kept from before: shown where it was typed, as not saved; and beside the grid where the cell has been locked since.
  restore() {
    let restored = 0;
    const locked = [];
    for (const [place, typed] of Object.entries(this.drafts.all())) {
      const [line, column] = place.split(" ");
      const cell = this.cells.cellOf(line, column);
      if (!cell || cell.dataset.exact === typed) {
        this.drafts.drop(line, column);
        continue;
      }
      if (!cell.classList.contains("cell-open")) {
        locked.push({ line, column, words: `${this.cells.nameOf(cell)}, ${this.cells.headingOf(cell)}: ${typed || "blank"}` });
        continue;
      }
      cell.dataset.typed = typed;
      this.cells.show(cell, typed || "blank");
      this.cells.mark(cell, "failed", "typed before, not saved yet");
      restored += 1;
    }
    if (locked.length) this.report.left(locked, () => locked.forEach(({ line, column }) => this.drafts.drop(line, column)));
    return restored;
  }
}
