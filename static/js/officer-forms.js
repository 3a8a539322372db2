// Officers' forms: one press sends one request, and what is typed survives a session that ends. Everything works without.

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
function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "hidden" && "value" in field && field.tagName !== "BUTTON");
}

function keep(form, key) {
  const typed = Object.fromEntries(fieldsOf(form).filter((field) => field.value !== field.defaultValue).map((field) => [field.name, field.value]));
  if (Object.keys(typed).length) {
    sessionStorage.setItem(key, JSON.stringify(typed));
  } else {
    sessionStorage.removeItem(key);
  }
}

function restore(form, key) {
  const kept = sessionStorage.getItem(key);
  if (!kept || document.querySelector(".error-summary")) return;
  const typed = JSON.parse(kept);
  const fields = fieldsOf(form).filter((field) => field.name in typed && field.value !== typed[field.name]);
  if (!fields.length) return;
  fields.forEach((field) => (field.value = typed[field.name]));
  const notice = document.createElement("div");
  notice.className = "notice notice-partial";
  notice.setAttribute("role", "status");
  notice.textContent = "What you typed before is back in the form. It is not saved yet.";
  form.prepend(notice);
}

document.querySelectorAll("form[data-draft]").forEach((form) => {
  const key = `draft ${form.dataset.draft}`;
  restore(form, key);
  form.addEventListener("input", () => keep(form, key));
});
