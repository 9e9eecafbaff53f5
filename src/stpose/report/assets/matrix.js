"use strict";
// The self-similarity of a track: a click on a cell, or the two sliders, show its two frames.
(() => {
  const content = stpose.content;
  const get = (id) => document.getElementById(id);
  if (!content.tracks.length || content.pack === null) return;
  const most = 400; // rows of the matrix; of longer tracks they are spread evenly
  const columns = stpose.columns(content);
  const energy = new Float32Array(stpose.bytes(content.energy));
  const { start, code: packed } = stpose.codes.get(content.pack);
  const width = columns.scale.length;
  const code = packed.subarray((content.first - start) * width, (content.first - start + content.crops) * width);
  const [row, column] = [get("row"), get("column")];
  let track, places, similarity;

  const frameOf = (index) => content.crop_frames[places[index]];
  const nearestIndex = (frame) => {
    let best = 0;
    places.forEach((place, index) => {
      if (Math.abs(content.crop_frames[place] - frame) < Math.abs(frameOf(best) - frame)) best = index;
    });
    return best;
  };

  const compute = () => {
    const count = Math.min(track.crops, most);
    places = Array.from({ length: count }, (_, index) =>
      track.first + Math.round((index * (track.crops - 1)) / Math.max(count - 1, 1)));
    const rows = new Int8Array(count * width);
    const energies = new Float32Array(count);
    places.forEach((place, index) => {
      rows.set(code.subarray(place * width, (place + 1) * width), index * width);
      energies[index] = energy[place];
    });
    // One less half the distance, as the paper measures it.
    similarity = places.map((_, index) => {
      const query = rows.subarray(index * width, (index + 1) * width);
      const found = stpose.distances(query, energies[index], rows, energies, columns, count);
      found[index] = 0;
      return Array.from(found, (distance) => 1 - distance / 2);
    });
  };

  // Half a cell before the first frame to half a cell behind the last.
  const ends = () => {
    const half = places.length > 1 ? (frameOf(1) - frameOf(0)) / 2 : 0.5;
    return [frameOf(0) - half, frameOf(places.length - 1) + half];
  };
  const cross = () => {
    const [first, last] = ends();
    const [x, y] = [frameOf(column.value), frameOf(row.value)];
    const lines = [{ x0: x, x1: x, y0: first, y1: last }, { x0: first, x1: last, y0: y, y1: y }];
    return lines.map((line) => ({ ...line, type: "line", line: { color: "#ffffff", width: 1 } }));
  };

  const showPair = () => {
    for (const [slider, picture, output] of [[row, "one", "row-frame"], [column, "two", "column-frame"]]) {
      const place = places[slider.value];
      stpose.showCell(get(picture), "../pictures", content.id, "crops", place, content.crops);
      const words = `frame ${frameOf(slider.value)}`;
      get(picture).setAttribute("aria-label", `Track ${track.track}, ${words}`);
      get(output).textContent = words;
      slider.setAttribute("aria-valuetext", words);
    }
    get("alike").textContent = `similarity ${similarity[row.value][column.value].toFixed(3)}`;
    get("search-link").href = `../search.html#row=${content.first + places[row.value]}`;
    if (get("matrix").layout) Plotly.relayout(get("matrix"), { shapes: cross() });
  };

  const drawMatrix = () => {
    const frames = places.map((place) => content.crop_frames[place]);
    // Each frame is like itself; without those cells the colours would have to reach up to 1.
    const values = similarity.flatMap((line, index) => line.filter((_, other) => other !== index)).sort((one, other) => one - other);
    const part = (share) => values[Math.floor((values.length - 1) * share)] ?? 1;
    // Of many repetitions each dot is small, or they would hide the matrix.
    const dot = Math.min(5, Math.max(1.5, 100 / Math.sqrt(track.groups.length + 1)));
    const axis = { title: { text: "frame" }, range: ends(), constrain: "domain" };
    const data = [
      { type: "heatmap", x: frames, y: frames, z: similarity, colorscale: "Viridis", zmin: part(0.02), zmax: part(0.99),
        colorbar: { thickness: 10, title: { text: "similarity", side: "right" } },
        hovertemplate: "frames %{y} and %{x}: %{z:.3f}<extra></extra>" },
      { type: "scatter", x: track.groups.map((one) => one[1]), y: track.groups.map((one) => one[0]), mode: "markers",
        marker: { color: "#ff5030", size: dot }, hoverinfo: "skip", showlegend: false },
    ];
    stpose.plot(get("matrix"), data, {
      xaxis: axis,
      yaxis: { ...axis, range: ends().reverse(), scaleanchor: "x" },
      shapes: cross(),
      hovermode: "closest",
    });
  };

  const showGroups = () => {
    const holder = get("groups");
    holder.replaceChildren();
    const queries = [...new Set(track.groups.map((one) => one[0]))];
    if (!queries.length) holder.append(stpose.element("p", { className: "dim" }, "None in this track."));
    const step = Math.max(1, Math.ceil(queries.length / 8));
    const byFrame = new Map();
    for (let place = track.first; place < track.first + track.crops; place++) byFrame.set(content.crop_frames[place], place);
    for (const query of queries.filter((_, index) => index % step === 0)) {
      const strip = stpose.element("p", { className: "strip query" });
      const frames = track.groups.filter((one) => one[0] === query).map((one) => one[1]);
      for (const frame of [query, ...frames.slice(0, 12)]) {
        const button = stpose.element("button", { type: "button", className: "thumb", title: `frame ${frame}` });
        button.append(stpose.element("span", {}, frame));
        button.setAttribute("aria-label", `Go to frame ${frame}`);
        stpose.showCell(button, "../pictures", content.id, "crops", byFrame.get(frame), content.crops);
        button.addEventListener("click", () => {
          [row.value, column.value] = [nearestIndex(query), nearestIndex(frame)];
          showPair();
          stpose.goTo(frame);
        });
        strip.append(button);
      }
      holder.append(strip);
    }
  };

  const choose = () => {
    track = content.tracks[get("track").value];
    compute();
    for (const slider of [row, column]) slider.max = places.length - 1;
    const wanted = stpose.place().get("frame");
    row.value = wanted === null ? Math.floor(places.length / 3) : nearestIndex(Number(wanted));
    const again = track.groups.find((one) => nearestIndex(one[0]) === Number(row.value)) ?? track.groups[0];
    if (again && wanted === null) row.value = nearestIndex(again[0]);
    column.value = again ? nearestIndex(again[1]) : Math.floor((2 * places.length) / 3);
    get("repetition").textContent = track.repeats
      ? `${track.count} cycles of ${track.period.toFixed(1)} frames, strength ${track.strength.toFixed(2)}`
      : "No repetition was found in this track.";
    drawMatrix();
    showPair();
    showGroups();
  };

  get("track").addEventListener("change", choose);
  for (const slider of [row, column]) slider.addEventListener("input", showPair);
  const fromAddress = () => {
    const wanted = content.tracks.findIndex((one) => one.track === Number(stpose.place().get("track")));
    if (wanted >= 0) get("track").value = wanted;
    choose();
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();
  get("matrix").on("plotly_click", (event) => {
    const { x, y } = event.points[0];
    [row.value, column.value] = [nearestIndex(y), nearestIndex(x)];
    showPair();
    stpose.goTo(y);
  });
})();
