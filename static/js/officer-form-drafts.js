// Drafts: what is typed in a form, kept in this tab only until it is saved. Loading this does nothing by itself.

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "hidden" && "value" in field && field.tagName !== "BUTTON");
}

export function keepDraft(form, key) {
  const typed = Object.fromEntries(fieldsOf(form).filter((field) => field.value !== field.defaultValue).map((field) => [field.name, field.value]));
  if (Object.keys(typed).length) {
    sessionStorage.setItem(key, JSON.stringify(typed));
  } else {
    sessionStorage.removeItem(key);
  }
}

// A page that came back with a mistake holds what was typed already.
export function restoreDraft(form, key) {
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
