// A film and its drawing the other way round, so that two rowers who face each other row the same way.

export const turnedScene = (scene) => ({ ...scene, behind: -scene.behind });

// A row of the track whose places are those of the turned picture.
export function turnedRow(row, scene) {
  const turn = (point) => point && [scene.size_px[0] - point[0], point[1]];
  const turned = Object.create(row);
  turned.joint = (name) => turn(row.joint(name));
  turned.back = (place) => turn(row.back(place));
  return turned;
}
