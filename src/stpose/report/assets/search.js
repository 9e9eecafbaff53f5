"use strict";
// Search by pose among all crops, with nothing but this page.
(() => {
  const content = stpose.collection;
  const get = (id) => document.getElementById(id);
  const pictures = "pictures";
  const numbers = (kind, text) => new kind(stpose.bytes(text));
  const columns = stpose.columns(content);
  const energy = numbers(Float32Array, content.energy);
  const frame = numbers(Int32Array, content.frame);
  const track = numbers(Int32Array, content.track);
  const videos = content.videos.map(([id, path, start, count, fps]) => ({ id, path, start, count, fps }));
  const videoOf = new Int32Array(content.crops);
  videos.forEach((video, number) => videoOf.fill(number, video.start, video.start + video.count));
  const width = columns.scale.length;
  let codes = null;
  let query = null;
  let shownPoses = 60;

  const seconds = (row) => {
    const { fps } = videos[videoOf[row]];
    return fps > 0 ? frame[row] / fps : null;
  };
  const when = (row) => (seconds(row) === null ? `frame ${frame[row]}` : `${seconds(row).toFixed(2)} s`);
  const showCrop = (element, row) => {
    const video = videos[videoOf[row]];
    stpose.showCell(element, pictures, video.id, "crops", row - video.start, video.count);
  };

  const allowed = (row) => {
    if (row === query) return false;
    const same = videoOf[row] === videoOf[query];
    const exclude = get("exclude").value;
    if (same && exclude === "video") return false;
    return !(same && exclude === "near" && near(row, query));
  };
  // Within a second of each other; where the frame rate is unknown, within 25 frames.
  const near = (one, other) => Math.abs(frame[one] - frame[other]) <= (videos[videoOf[one]].fps || 25);

  const search = () => {
    if (query === null || !codes) return;
    const own = codes.subarray(query * width, (query + 1) * width);
    const distances = stpose.distances(own, energy[query], codes, energy, columns, content.crops);
    const only = get("only").value.toLowerCase();
    const fits = videos.map((video) => video.path.toLowerCase().includes(only));
    const order = [];
    for (let row = 0; row < content.crops; row++) if (fits[videoOf[row]] && allowed(row)) order.push(row);
    order.sort((one, other) => distances[one] - distances[other] || one - other);
    const wanted = Number(get("count").value);
    const found = [];
    for (const row of order) {
      if (found.length === wanted) break;
      const isRepeated = found.some((other) => videoOf[other] === videoOf[row] && near(other, row));
      if (!get("spread").checked || !isRepeated) found.push(row);
    }
    showFound(found, distances);
  };

  const showFound = (found, distances) => {
    get("found").textContent = found.length ? `${found.length} poses, the nearest first` : "No video fits.";
    get("results").replaceChildren(
      ...found.map((row) => {
        const video = videos[videoOf[row]];
        const item = stpose.element("li");
        item.dataset.video = video.id;
        const address = `video/${video.id}.html#frame=${frame[row]}&track=${track[row]}`;
        const link = stpose.element("a", { className: "thumb", href: address, title: "Play at this point" });
        link.setAttribute("aria-label", `Play ${video.path} at ${when(row)}`);
        link.append(stpose.element("span", {}, distances[row].toFixed(2)));
        showCrop(link, row);
        const again = stpose.element("button", { type: "button" }, "Search this pose");
        again.addEventListener("click", () => choose(row));
        const name = stpose.element("span", { className: "name", title: video.path }, video.path);
        item.append(link, name, stpose.element("span", { className: "time" }, when(row)), again);
        return item;
      }),
    );
  };

  const showQuery = () => {
    const video = videos[videoOf[query]];
    const address = `video/${video.id}.html#frame=${frame[query]}&track=${track[query]}`;
    const picture = stpose.element("a", { className: "thumb", href: address });
    picture.setAttribute("aria-label", `The query: ${video.path}, ${when(query)}`);
    showCrop(picture, query);
    get("query").replaceChildren(picture, stpose.element("span", {}, `The query: ${video.path}, track ${track[query]}, ${when(query)}`));
    for (const button of get("poses").children)
      button.setAttribute("aria-pressed", String(Number(button.dataset.row) === query));
  };

  const choose = (row) => {
    query = row;
    history.replaceState(null, "", `#row=${row}`);
    if (Number(get("videos").value) !== videoOf[row]) {
      get("videos").value = videoOf[row];
      showPoses();
    }
    showQuery();
    search();
  };

  const showPoses = () => {
    const chosen = get("videos").value;
    if (chosen === "") return get("poses").replaceChildren();
    const { start, count, path } = videos[chosen];
    const shown = Math.min(count, shownPoses);
    get("poses").replaceChildren(
      ...Array.from({ length: shown }, (_, place) => {
        const row = start + Math.round((place * (count - 1)) / Math.max(shown - 1, 1));
        const button = stpose.element("button", { type: "button", className: "thumb", title: when(row) });
        button.dataset.row = row;
        button.setAttribute("aria-label", `Search ${path}, track ${track[row]}, ${when(row)}`);
        button.setAttribute("aria-pressed", String(row === query));
        showCrop(button, row);
        button.addEventListener("click", () => choose(row));
        return button;
      }),
    );
    const all = stpose.element("button", { type: "button" }, `Show all ${count} poses`);
    all.addEventListener("click", () => {
      shownPoses = count;
      showPoses();
      shownPoses = 60;
    });
    get("more").replaceChildren(...(shown < count ? [all] : []));
  };

  const listVideos = () => {
    const wanted = get("video-filter").value.toLowerCase();
    const before = get("videos").value;
    const options = videos.flatMap((video, number) =>
      video.path.toLowerCase().includes(wanted)
        ? [stpose.element("option", { value: number }, `${video.path} (${video.count})`)]
        : []);
    get("videos").replaceChildren(...options);
    get("videos").value = options.some((option) => option.value === before) ? before : (options[0]?.value ?? "");
    if (get("videos").value !== before) showPoses();
  };

  const loadPack = (number) =>
    new Promise((resolve, reject) => {
      const script = stpose.element("script", { src: `data/pack-${number}.js`, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  const loadCodes = async () => {
    const all = new Int8Array(content.crops * width);
    for (let number = 0; number < content.packs; number++) {
      get("progress").textContent = `Loading vectors: ${number} of ${content.packs} files`;
      await loadPack(number);
      const { start, code } = stpose.codes.get(number);
      all.set(code, start * width);
      stpose.codes.delete(number);
    }
    codes = all;
    get("progress").textContent = `${content.crops.toLocaleString("en")} poses of ${videos.length} videos`;
    search();
  };

  for (const form of ["pick", "where"]) get(form).addEventListener("submit", (event) => event.preventDefault());
  get("video-filter").addEventListener("input", listVideos);
  get("videos").addEventListener("change", showPoses);
  get("only").addEventListener("input", search);
  for (const id of ["exclude", "spread", "count"]) get(id).addEventListener("change", search);
  listVideos();
  const fromAddress = () => {
    const row = Number(stpose.place().get("row") ?? (content.crops ? videos[0].start + Math.floor(videos[0].count / 2) : -1));
    if (row >= 0 && row < content.crops) choose(row);
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();
  loadCodes().catch(() => {
    get("progress").textContent = "The vectors in the folder data could not be loaded. Was the report copied whole?";
  });
})();
