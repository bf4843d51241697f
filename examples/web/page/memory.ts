/** The page's storage, which some users forbid: reading the property then throws. */
function storage(): Storage | undefined {
  let found: Storage | undefined;
  try {
    found = localStorage;
  } catch {
    // Nothing is remembered.
  }
  return found;
}

/** Choices that the next visit begins with, if the browser keeps anything for this page. */
export const memory = {
  get: (name: string): string | null => storage()?.getItem(name) ?? null,
  set: (name: string, value: string): void => storage()?.setItem(name, value),
};
