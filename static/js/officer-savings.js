// The month's savings: what the parts come to and what falls short, while figures are typed; arrow keys move among savings. Saving works without.

const PENCE = 100n;

// Whole pence from an amount as people type it; null where it is blank or cannot be read here. The server reads it again, by the one parser.
function pence(text) {
  const found = /^£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  return found ? BigInt(found[1].replaceAll(",", "")) * PENCE + BigInt((found[2] || "").padEnd(2, "0")) : null;
}

function pounds(amount) {
  const size = amount < 0n ? -amount : amount;
  const whole = (size / PENCE).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0n ? "−" : ""}£${whole}.${(size % PENCE).toString().padStart(2, "0")}`;
}

function field(row, name) {
  return row.querySelector(`input[name$="-${name}"]:not([type=hidden])`);
}

function targetOf(row) {
  const typed = field(row, "target");
  return pence(typed ? typed.value : row.dataset.target);
}

function check(row) {
  const said = row.querySelector("[data-check]");
  const inputs = ["delivered", "on_track", "at_risk", "undeliverable"].map((name) => field(row, name));
  if (!said || inputs.includes(null)) return;
  const target = targetOf(row);
  const parts = inputs.map((input) => pence(input.value));
  const blank = inputs.filter((input) => !input.value.trim()).length;
  let words = "The parts sum to the target";
  let isWrong = false;
  if (blank === inputs.length) words = "Not yet divided";
  else if (target === null) words = "No target to sum to";
  else if (parts.includes(null)) {
    words = blank ? "Give all four parts" : "An amount cannot be read yet";
    isWrong = true;
  } else {
    const gap = parts.reduce((sum, part) => sum + part, 0n) - target;
    isWrong = gap !== 0n;
    if (isWrong) words = `${pounds(gap < 0n ? -gap : gap)} ${gap > 0n ? "more" : "less"} than the target`;
  }
  if (said.textContent !== words) said.textContent = words;
  said.classList.toggle("is-wrong", isWrong);
  const forecast = pence(field(row, "forecast").value);
  row.querySelector("[data-shortfall]").textContent = target === null || forecast === null ? "not known" : pounds(target - forecast);
}

// Up and down among the same entry of the savings above and below.
function move(rows, event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const input = event.target;
  if (!step || !input.matches("input.money")) return;
  const name = input.name.replace(/^s\d+-/, "");
  const open = rows.map((row) => field(row, name)).filter(Boolean);
  const next = open[open.indexOf(input) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
}

document.querySelectorAll("form[data-savings]").forEach((form) => {
  const rows = [...form.querySelectorAll("[data-saving]")];
  rows.forEach(check);
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-saving]");
    if (row) check(row);
  });
  form.addEventListener("keydown", (event) => move(rows, event));
});
