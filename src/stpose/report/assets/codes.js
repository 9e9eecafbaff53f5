"use strict";
// Vectors of all crops: coordinates along principal axes, in bytes. The energy is the squared
// length of the whole vector, so that what lies beyond the axes still counts.
stpose.codes = new Map(); // pack -> { start, code }
stpose.takePack = (number, start, text) => {
  stpose.codes.set(number, { start, code: new Int8Array(stpose.bytes(text)) });
};
stpose.takeCollection = (content) => {
  stpose.collection = content;
};

// What the columns of codes stand for: a coordinate is the sum of the columns of its axis.
stpose.columns = (content) => ({
  axis: new Int32Array(stpose.bytes(content.axis)),
  scale: new Float32Array(stpose.bytes(content.scale)),
});

// Distances from one crop to `count` crops, all given by their codes and energies.
stpose.distances = (query, queryEnergy, code, energy, { axis, scale }, count) => {
  const width = scale.length;
  const value = new Float32Array(width);
  for (let column = 0; column < width; column++) value[axis[column]] += query[column] * scale[column];
  const weights = Float32Array.from(scale, (step, column) => step * value[axis[column]]);
  const found = new Float32Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let product = 0;
    for (let column = 0; column < width; column++) product += weights[column] * code[at++];
    found[row] = Math.sqrt(Math.max(queryEnergy + energy[row] - 2 * product, 0));
  }
  return found;
};
