// This module is browser compatible.
import type { Fields } from "./frame_shape.ts";

/** An error that names a field as the client knows it. */
export function renamedError(error: Fields, nameOf: (param: string) => string): Fields {
  const { message, param } = error;
  if (typeof param !== "string") return error;
  const name = nameOf(param);
  return { ...error, message: String(message).replaceAll(`'${param}'`, `'${name}'`), param: name };
}
