// What every page does where there is script: takes the reader to errors, and leaves out tab stops that scroll nothing.

const errors = document.querySelector(".error-summary");
if (errors) {
  errors.tabIndex = -1;
  errors.focus();
}

const regions = document.querySelectorAll(".table-scroll, .chart-drawing");

function offerScrolling(region) {
  if (region.scrollWidth > region.clientWidth + 1) {
    region.tabIndex = 0;
  } else {
    region.removeAttribute("tabindex");
  }
}

const watcher = new ResizeObserver((entries) => entries.forEach((entry) => offerScrolling(entry.target)));
regions.forEach((region) => watcher.observe(region));

// One open list of periods at a time; Escape closes it and keeps the place.
const switchers = [...document.querySelectorAll(".switcher details")];
switchers.forEach((details) => {
  details.addEventListener("toggle", () => {
    if (details.open) switchers.filter((other) => other !== details).forEach((other) => (other.open = false));
  });
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      details.open = false;
      details.querySelector("summary").focus();
    }
  });
});
document.addEventListener("click", (event) => {
  switchers.filter((details) => !details.contains(event.target)).forEach((details) => (details.open = false));
});
