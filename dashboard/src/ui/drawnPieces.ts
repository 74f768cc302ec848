type Asked = {
  /** Where the list begins below the window's upper edge, negative above it, and the window's height; CSS pixels. */
  top: number;
  height: number;
  count: number;
  heightOf: (piece: number) => number;
  /** The piece that has the keyboard's focus: whoever is inside must not fall out. */
  focused?: number | undefined;
};

/** CSS pixels that are drawn ahead on both sides of the window. */
const AHEAD = 500;

/** Which pieces of a long list are near the window, in order. One piece alone costs too little to be left out. */
export function drawnPieces({ top, height, count, heightOf, focused }: Asked): number[] {
  if (count === 1) return [0];
  const drawn: number[] = [];
  let edge = top;
  for (let piece = 0; piece < count; piece += 1) {
    const end = edge + heightOf(piece);
    if ((end >= -AHEAD && edge <= height + AHEAD) || piece === focused) drawn.push(piece);
    edge = end;
  }
  return drawn;
}
