// Sending to the server: always an answer, in the server's words or in ours where the server was not reached.

function keyOf() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

export class Sending {
  constructor(root) {
    this.root = root;
  }

  newKey() {
    return keyOf();
  }

  // After a sign-in in another tab the token is a new one; the cookie is not for scripts to read, the page's field is.
  token() {
    return this.root.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  async post(address, content) {
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify(content),
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return { state: "unreached", words: "The server was not reached, so this is not saved. What you typed is kept; save it again when you are back online." };
    }
    if ((response.headers.get("Content-Type") || "").includes("json")) return response.json();
    if (response.status === 403) {
      return { state: "stale-page", words: "This page is too old to save from, so this is not saved. What you typed is kept: load the page again, and save it again." };
    }
    return { state: "unreached", words: `The server could not save this (${response.status || "no answer"}). What you typed is kept; save it again.` };
  }

  // What is only shown: an answer without it is no loss.
  async get(address) {
    try {
      const response = await fetch(address, { credentials: "same-origin", redirect: "manual" });
      if ((response.headers.get("Content-Type") || "").includes("json")) return response.json();
    } catch {
      // said below
    }
    return { state: "unreached", words: "The server was not reached: the row and its totals may be older than the line. Load the page again." };
  }
}
