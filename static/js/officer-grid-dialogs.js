// Questions that stop a save until they are answered. Each is a dialog that takes the focus and gives it back.

function part(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function field(id, label, element) {
  const block = part("div", undefined, "field");
  const words = part("label", label);
  words.htmlFor = id;
  element.id = id;
  block.append(words, element);
  return block;
}

function table(headings, rows) {
  const made = part("table");
  const head = made.createTHead().insertRow();
  headings.forEach((words, at) => {
    const cell = part("th", words, at && rows.every((row) => /\d|not/.test(row[at])) ? "col-figure" : "");
    cell.scope = "col";
    head.append(cell);
  });
  const body = made.createTBody();
  rows.forEach((row) => {
    const line = body.insertRow();
    row.forEach((words, at) => {
      const cell = part(at ? "td" : "th", words, at && /\d|not/.test(words) ? "col-figure" : "");
      if (!at) cell.scope = "row";
      line.append(cell);
    });
  });
  return made;
}

function button(words, kind) {
  const made = part("button", words, kind);
  made.type = "button";
  return made;
}

export class Dialogs {
  constructor(root) {
    this.root = root;
    this.turn = Promise.resolve();
  }

  // One at a time: a second question waits for the first.
  ask(fill) {
    const asked = this.turn.then(() => new Promise((resolve) => this.open(fill, resolve)));
    this.turn = asked.catch(() => null);
    return asked;
  }

  open(fill, resolve) {
    const dialog = part("dialog", undefined, "grid-dialog");
    const before = document.activeElement;
    let answer = null;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    const heading = part("h2");
    heading.id = "grid-dialog-heading";
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.append(heading);
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before && before.isConnected) before.focus();
      resolve(answer);
    });
    this.root.append(dialog);
    fill(dialog, heading, close);
    dialog.showModal();
  }

  // Resolves to the reason, or to null if the figure is to be changed.
  question(what, findings) {
    return this.ask((dialog, heading, close) => {
      heading.textContent = "Please look again";
      const list = part("ul");
      findings.forEach((finding) => list.append(part("li", finding.words)));
      const reason = part("input");
      reason.type = "text";
      reason.maxLength = 500;
      const save = button("Save it as it is");
      const form = part("form");
      const actions = part("div", undefined, "button-row");
      const change = button("Change it", "button-plain");
      const wanted = part("p", "Say why it is right before saving it.", "error-words");
      wanted.id = "grid-reason-wanted";
      wanted.setAttribute("role", "alert");
      wanted.hidden = true;
      const send = () => {
        if (reason.value.trim()) close(reason.value.trim());
        else {
          wanted.hidden = false;
          reason.setAttribute("aria-describedby", wanted.id);
          reason.focus();
        }
      };
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        send();
      });
      save.addEventListener("click", send);
      change.addEventListener("click", () => close(null));
      actions.append(save, change);
      form.append(field("grid-reason", "If it is right, say why; this is kept with the figure", reason), wanted, actions);
      dialog.append(part("p", what), list, form);
    });
  }

  // Resolves to true for mine, false for theirs.
  conflict({ what, yours, theirs, base, by, at }) {
    return this.ask((dialog, heading, close) => {
      heading.textContent = `${what} was changed while you were editing it`;
      const mine = button("Save mine");
      const keep = button("Keep theirs", "button-plain");
      const actions = part("div", undefined, "button-row");
      mine.addEventListener("click", () => close(true));
      keep.addEventListener("click", () => close(false));
      actions.append(mine, keep);
      const held = at ? `Theirs (${by}, ${at})` : `Theirs (${by})`;
      dialog.append(part("p", "Yours is not saved. Choose which figure stands."), table(["", "Figure"], [["Yours", yours], [held, theirs], ["Before both", base]]), actions);
    });
  }

  // Resolves to the text of a block, or null.
  block() {
    return this.ask((dialog, heading, close) => {
      heading.textContent = "Paste a block from a spreadsheet";
      const text = part("textarea");
      text.rows = 8;
      const look = button("Show what would change");
      const stop = button("Cancel", "button-plain");
      const actions = part("div", undefined, "button-row");
      look.addEventListener("click", () => close(text.value));
      stop.addEventListener("click", () => close(null));
      actions.append(look, stop);
      dialog.append(part("p", "With a column of codes the lines are found by code, with headings the columns by heading; otherwise the block begins at the cell you were in."), field("grid-block", "The block", text), actions);
    });
  }

  // Resolves to {reason} to apply, or null.
  preview(answer) {
    return this.ask((dialog, heading, close) => {
      heading.textContent = answer.words;
      const actions = part("div", undefined, "button-row");
      const stop = button(answer.changes.length && !answer.problems.length ? "Do not apply" : "Close", "button-plain");
      stop.addEventListener("click", () => close(null));
      if (answer.unknown.length) dialog.append(part("p", `Not found here: ${answer.unknown.join(", ")}.`));
      if (answer.passed_over) dialog.append(part("p", `Left alone, because they are worked out: ${answer.passed_over} cells.`));
      if (answer.problems.length) {
        const list = part("ul");
        answer.problems.forEach((words) => list.append(part("li", words)));
        dialog.append(part("p", "Nothing can be applied until this is put right:"), list);
      }
      if (answer.changes.length) {
        const scroll = part("div", undefined, "dialog-scroll");
        scroll.tabIndex = 0;
        scroll.setAttribute("role", "region");
        scroll.setAttribute("aria-label", "Every change");
        scroll.append(table(["Line", "Figure", "Old", "New"], answer.changes.map((change) => [change.name, change.heading, change.old, change.new])));
        dialog.append(scroll);
      }
      if (answer.changes.length && !answer.problems.length) this.apply(dialog, answer, actions, close);
      actions.append(stop);
      dialog.append(actions);
    });
  }

  apply(dialog, answer, actions, close) {
    const reason = part("input");
    reason.type = "text";
    reason.maxLength = 500;
    if (answer.findings.length) {
      const list = part("ul");
      answer.findings.slice(0, 12).forEach((finding) => list.append(part("li", finding.words)));
      if (answer.findings.length > 12) list.append(part("li", `… and ${answer.findings.length - 12} more`));
      dialog.append(part("p", "Please look again at these:"), list, field("grid-reason", "If they are right, say why; this is kept with the figures", reason));
    }
    const apply = button(`Apply all ${answer.changes.length}`);
    apply.addEventListener("click", () => {
      if (answer.findings.length && !reason.value.trim()) reason.focus();
      else close({ reason: reason.value.trim() });
    });
    actions.append(apply);
  }
}
