"use strict";
// The page of a video: frames to scrub, boxes, flow, and the ratio over time.
(() => {
  const content = (stpose.content = JSON.parse(document.getElementById("content").textContent));
  const get = (id) => document.getElementById(id);
  if (!content.frames.length) return;
  const pictures = "../pictures";
  const colours = ["#4c9be8", "#f08c3a", "#52b56e", "#e05fb8", "#d6b13b", "#45c4c4", "#ee6a5f"];
  // Of many tracks, hues a golden angle apart: neighbours in number are never alike.
  const colourOf = (track) =>
    track <= colours.length ? colours[track - 1] : `hsl(${((track * 137.5) % 360).toFixed(0)} 70% 60%)`;
  const time = get("time");
  const [width, height] = content.size;
  for (const id of ["frame", "flow"]) {
    get(id).style.aspectRatio = `${width} / ${height}`;
    // An upright video must leave room for the slider below it.
    get(id).parentElement.style.maxWidth = `${((70 * width) / height).toFixed(1)}vh`;
  }
  const boxes = get("boxes");
  boxes.setAttribute("viewBox", `0 0 ${width} ${height}`);
  boxes.style.aspectRatio = `${width} / ${height}`;
  const ratioAt = new Map();
  for (const { track, frame, ratio } of content.ratios)
    frame.forEach((number, place) => ratioAt.set(`${track}:${number}`, ratio[place]));

  const drawn = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const drawBoxes = (people) => {
    boxes.replaceChildren();
    for (const [track, x1, y1, x2, y2, filled] of people) {
      const colour = colourOf(track);
      const [x, y] = [x1 * width, y1 * height];
      boxes.append(
        drawn("rect", {
          x, y, width: (x2 - x1) * width, height: (y2 - y1) * height, fill: "none",
          stroke: colour, "stroke-width": 2, "stroke-dasharray": filled ? "4 4" : "none",
        }),
      );
      const words = drawn("text", {
        x: Math.max(x, 0) + 4, y: Math.max(y, 0) + 15, fill: colour, "font-size": 14, "font-weight": 700,
        stroke: "#000", "stroke-width": 3, "paint-order": "stroke",
      });
      words.textContent = track;
      boxes.append(words);
    }
  };

  const facts = (frame, people) =>
    people.map(([track]) => {
      const ratio = ratioAt.get(`${track}:${frame}`);
      const block = content.blocks[`${track}:${frame}`];
      const moved = ratio === undefined ? "no ratio" : `ratio ${ratio.toFixed(2)}`;
      return `track ${track}: ${moved}, ${block ? `curriculum block ${block}` : "not trained on"}`;
    });

  const show = () => {
    const place = Number(time.value);
    const frame = content.frames[place];
    const count = content.frames.length;
    for (const shows of ["frame", "flow"])
      stpose.showCell(get(shows), pictures, content.id, shows === "frame" ? "frames" : "flow", place, count);
    const people = content.boxes[place];
    drawBoxes(people);
    const when = `frame ${frame}, ${content.times[place].toFixed(2)} s`;
    const said = people.length ? facts(frame, people).join("; ") : "nobody";
    get("now").textContent = `${when} · ${said}`;
    get("frame").setAttribute("aria-label", `${when}: ${people.length} people`);
    get("flow").setAttribute("aria-label", `Flow at ${when}`);
    time.setAttribute("aria-valuetext", when);
    if (get("ratio").layout) Plotly.relayout(get("ratio"), { "shapes[0].x0": frame, "shapes[0].x1": frame });
  };
  // Go to the shown frame that is nearest to a frame of the source.
  const goTo = (frame) => {
    let best = 0;
    content.frames.forEach((number, place) => {
      if (Math.abs(number - frame) < Math.abs(content.frames[best] - frame)) best = place;
    });
    time.value = best;
    show();
  };

  const play = get("play");
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    const seconds = content.times.at(-1) - content.times[0];
    const pause = seconds > 0 ? (1000 * seconds) / Math.max(content.frames.length - 1, 1) : 80;
    if (time.value === time.max) time.value = 0;
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      if (time.value === time.max) return stop();
      time.stepUp();
      show();
    }, Math.max(pause, 30));
  });
  time.addEventListener("input", () => {
    stop();
    show();
  });
  get("show-boxes").addEventListener("change", (event) => (boxes.style.display = event.target.checked ? "" : "none"));
  get("show-flow").addEventListener("change", (event) => (get("flow-figure").hidden = !event.target.checked));

  const plotRatios = () => {
    const blocks = Object.values(content.blocks);
    const last = Math.max(1, ...blocks);
    const data = content.ratios.map(({ track, frame, ratio }) => {
      const block = frame.map((number) => content.blocks[`${track}:${number}`] ?? null);
      return {
        x: frame, y: ratio, name: `track ${track}`, mode: "lines+markers",
        line: { color: colourOf(track), width: 1 },
        customdata: block.map((number) => number ?? "none"),
        hovertemplate: `track ${track}, frame %{x}: ratio %{y}, block %{customdata}<extra></extra>`,
        marker: {
          size: 6, line: { color: colourOf(track), width: 1 },
          color: block.map((number) => (number === null ? "rgba(0,0,0,0)" : number)),
          colorscale: "Viridis", cmin: 1, cmax: last,
        },
      };
    });
    const cursor = { type: "line", yref: "paper", y0: 0, y1: 1, x0: 0, x1: 0, line: { color: "#c0392b", width: 2 } };
    stpose.plot(get("ratio"), data, {
      xaxis: { title: { text: "frame" }, range: [content.frames[0] - 1, content.frames.at(-1) + 1] },
      yaxis: { title: { text: "foreground / background" }, type: "log" },
      shapes: [cursor],
      hovermode: "closest",
      showlegend: true,
    });
    get("ratio").on("plotly_click", (event) => goTo(event.points[0].x));
  };
  plotRatios();

  const fromAddress = () => goTo(Number(stpose.place().get("frame") ?? content.opening));
  addEventListener("hashchange", fromAddress);
  fromAddress();
  stpose.goTo = goTo;
})();
