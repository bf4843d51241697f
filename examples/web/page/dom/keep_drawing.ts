/** Interval of drawing, in milliseconds: a higher rate is not visible, and every frame takes the processor. */
const DRAW_MS = 60;

/** Draws from now on, with the screen: a hidden page has no frames, and needs none. */
export function keepDrawing(draw: () => void): void {
  requestAnimationFrame(() => {
    setTimeout(() => keepDrawing(draw), DRAW_MS);
    draw();
  });
}
