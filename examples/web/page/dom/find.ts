function node(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found) return found;
  throw new TypeError(`Cannot find #${id} in the page`);
}

/** Elements of the page by their id, with the type that they have. */
export const find = {
  node,
  button: (id: string): HTMLButtonElement => node(id) as HTMLButtonElement,
  input: (id: string): HTMLInputElement => node(id) as HTMLInputElement,
  select: (id: string): HTMLSelectElement => node(id) as HTMLSelectElement,
};
