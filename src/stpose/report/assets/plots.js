"use strict";
// Plots whose content lies in the page, in the page's colours.
(() => {
  const themed = (layout) => {
    const style = getComputedStyle(document.body);
    const line = getComputedStyle(document.querySelector("header")).borderBottomColor;
    const axis = { gridcolor: line, zerolinecolor: line, linecolor: line, automargin: true };
    const { xaxis, yaxis, ...rest } = layout;
    return {
      margin: { l: 60, r: 10, t: 20, b: 50 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: style.color, family: style.fontFamily, size: 13 },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      colorway: ["#3a7bd5", "#d9772b", "#3f9b57", "#b5489a", "#8a6d3b", "#2aa3a3", "#c0392b"],
      ...rest,
      xaxis: { ...axis, ...xaxis },
      yaxis: { ...axis, ...yaxis },
    };
  };
  const options = { responsive: true, displaylogo: false, displayModeBar: false };
  const drawn = [];

  stpose.plot = (element, data, layout) => {
    if (!drawn.includes(element)) drawn.push(element);
    element.ownLayout = layout;
    return Plotly.react(element, data, themed(layout), options);
  };

  for (const content of document.querySelectorAll("script[data-plot]")) {
    const { data, layout } = JSON.parse(content.textContent);
    stpose.plot(document.getElementById(content.dataset.plot), data, layout);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const element of drawn) stpose.plot(element, element.data, element.ownLayout);
  });
})();
