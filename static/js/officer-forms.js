// Officers' forms: one press sends one request, and what is typed survives a session that ends. Everything works without.

import { keepDraft, restoreDraft } from "./officer-form-drafts.js";

document.querySelectorAll("form[data-once]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
  });
});

// The browser's Back shows the page as it was left: let its form be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
});

// Drafts: kept in this tab only, under the line and its version, and gone once the page is loaded with what was saved.
document.querySelectorAll("form[data-draft]").forEach((form) => {
  const key = `draft ${form.dataset.draft}`;
  restoreDraft(form, key);
  form.addEventListener("input", () => keepDraft(form, key));
});
