/**
 * Tests that mostly wait, for speech or for a timer: the first one starts them all, and each reports its own outcome. They
 * must not share a page.
 */
export function testTogether(tests: Readonly<Record<string, () => Promise<void>>>): void {
  let outcomes: ReadonlyMap<string, Promise<void>> | undefined;
  const start = () => {
    const running = new Map(Object.entries(tests).map(([name, run]) => [name, run()]));
    // A failure is reported by its own test, which may still have to wait for its turn.
    for (const outcome of running.values()) outcome.catch(() => {});
    return running;
  };
  for (const name of Object.keys(tests)) Deno.test(name, async () => await (outcomes ??= start()).get(name));
}
