/** Collects frames for one reader, which may start before or after them. */
export function collectFrames(): { push(frame: string): void; end(): void; frames: AsyncIterator<string> } {
  let controller!: ReadableStreamDefaultController<string>;
  const stream = new ReadableStream<string>({ start: (c) => void (controller = c) });
  return { push: (frame) => controller.enqueue(frame), end: () => controller.close(), frames: stream.values() };
}
