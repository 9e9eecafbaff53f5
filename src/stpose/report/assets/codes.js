"use strict";
// Vectors of all crops: coordinates along principal axes in steps of one byte. The energy is the
// squared length of the whole vector, so that what lies beyond the axes still counts.
stpose.codes = new Map(); // pack -> { start, code }
stpose.takePack = (number, start, text) => {
  stpose.codes.set(number, { start, code: new Int8Array(stpose.bytes(text)) });
};
stpose.takeCollection = (content) => {
  stpose.collection = content;
};

// Distances from one crop to `count` crops, all given by their codes and energies.
stpose.distances = (query, queryEnergy, code, energy, scale, count) => {
  const width = scale.length;
  const weights = new Float32Array(width);
  for (let axis = 0; axis < width; axis++) weights[axis] = query[axis] * scale[axis] * scale[axis];
  const found = new Float32Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let product = 0;
    for (let axis = 0; axis < width; axis++) product += weights[axis] * code[at++];
    found[row] = Math.sqrt(Math.max(queryEnergy + energy[row] - 2 * product, 0));
  }
  return found;
};
