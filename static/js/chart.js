// Interactive charts on request: loads plotly.js once, when a reader first asks, and takes over from the drawing.

let library = null;

function loadLibrary(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      library = null;
      reject(new Error("plotly.js did not load"));
    });
    document.head.append(script);
  });
  return library;
}

function settings(figure) {
  return [
    figure.data,
    { ...figure.layout, autosize: true },
    { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["lasso2d", "select2d"] },
  ];
}

async function showLive(chart, button, status) {
  const live = chart.querySelector(".chart-live");
  const drawing = chart.querySelector(".chart-drawing");
  status.textContent = "Loading the interactive chart.";
  button.disabled = true;
  try {
    const plotly = await loadLibrary(button.dataset.library);
    const figure = JSON.parse(chart.querySelector('script[type="application/json"]').textContent);
    live.hidden = false;
    drawing.hidden = true;
    await plotly.newPlot(live, ...settings(figure));
    button.textContent = "Plain drawing";
    button.setAttribute("aria-pressed", "true");
    status.textContent = "The interactive chart is shown.";
  } catch {
    live.hidden = true;
    drawing.hidden = false;
    status.textContent = "The interactive chart did not load. The drawing and its figures are still here; try again.";
  } finally {
    button.disabled = false;
    button.focus();
  }
}

function showDrawing(chart, button, status) {
  const live = chart.querySelector(".chart-live");
  window.Plotly.purge(live);
  live.hidden = true;
  chart.querySelector(".chart-drawing").hidden = false;
  button.textContent = "Interactive chart";
  button.setAttribute("aria-pressed", "false");
  status.textContent = "The plain drawing is shown.";
}

document.querySelectorAll("[data-chart]").forEach((chart) => {
  const button = chart.querySelector("[data-library]");
  const status = chart.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const isLive = button.getAttribute("aria-pressed") === "true";
    return isLive ? showDrawing(chart, button, status) : showLive(chart, button, status);
  });
});
