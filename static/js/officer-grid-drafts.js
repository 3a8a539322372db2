// What was typed and is not saved, kept in this tab until it is: a session that ends, or a page loaded again, loses nothing.

export class Drafts {
  constructor(key) {
    this.key = key;
  }

  all() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) || {};
    } catch {
      return {};
    }
  }

  keep(line, column, typed) {
    this.write({ ...this.all(), [`${line} ${column}`]: typed });
  }

  drop(line, column) {
    const held = this.all();
    delete held[`${line} ${column}`];
    this.write(held);
  }

  write(held) {
    if (Object.keys(held).length) sessionStorage.setItem(this.key, JSON.stringify(held));
    else sessionStorage.removeItem(this.key);
  }
}
