// A line's own page, fetched and sent from beside the grid: the same page as without script, of which the panel shows the main part.

const UNREACHED = "The server was not reached, so nothing was saved. What you typed is kept; send it again when you are back online.";
const SIGNED_OUT = "You are signed out, so nothing was saved. What you typed is kept in this tab: sign in, and open the line again.";
const TOO_OLD = "Nothing was saved: this page is too old to save from, or your role does not let you. What you typed is kept: load the page again, and open the line.";

export class LinePage {
  constructor(address) {
    this.address = new URL(address, location.href);
    this.address.hash = "";
  }

  isMine(form) {
    return form.method === "post" && new URL(form.action).pathname.startsWith(this.address.pathname);
  }

  // Resolves to {title, parts, isSaved} or to {problem, door}.
  fetch() {
    return this.ask(this.address);
  }

  // Sent as the browser would send it, with the button that was pressed.
  send(form, button) {
    const content = new URLSearchParams(new FormData(form));
    if (button && button.name) content.append(button.name, button.value);
    return this.ask(new URL(form.action), { method: "POST", body: content });
  }

  async ask(address, options = {}) {
    let response;
    try {
      response = await fetch(address, { credentials: "same-origin", ...options });
    } catch {
      return { problem: UNREACHED };
    }
    if (!new URL(response.url).pathname.startsWith(this.address.pathname)) return { problem: SIGNED_OUT, door: this.door(response.url) };
    const isHtml = (response.headers.get("Content-Type") || "").startsWith("text/html");
    const main = isHtml && new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
    if (!main || ![200, 409, 422].includes(response.status)) {
      return { problem: response.status === 403 ? TOO_OLD : `The server did not answer with this line (${response.status}). What you typed is still here.` };
    }
    return { ...this.parts(main), isSaved: options.method === "POST" && response.status === 200 };
  }

  // The door leads back to the grid, where the line can be opened again.
  door(url) {
    const door = new URL(url);
    door.searchParams.set("next", location.pathname + location.search);
    return door.href;
  }

  // Without the page's own heading and its list of periods, headings a level lower, and addresses as that page has them.
  parts(main) {
    const title = main.querySelector("h1").textContent.trim();
    main.querySelectorAll("h1, script, .period-bar, .period-bar + p.small, .period-bar + p.small + p.small").forEach((part) => part.remove());
    for (const level of [5, 4, 3, 2]) main.querySelectorAll(`h${level}`).forEach((heading) => this.lower(heading, level + 1));
    for (const [selector, name] of [["a[href]", "href"], ["img[src]", "src"], ["form", "action"]]) {
      main.querySelectorAll(selector).forEach((part) => {
        const value = part.getAttribute(name) || "";
        if (!value.startsWith("#")) part.setAttribute(name, new URL(value, this.address).href);
      });
    }
    return { title, parts: [...main.childNodes].map((part) => document.adoptNode(part)) };
  }

  lower(heading, level) {
    const lower = heading.ownerDocument.createElement(`h${level}`);
    [...heading.attributes].forEach(({ name, value }) => lower.setAttribute(name, value));
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
  }
}
