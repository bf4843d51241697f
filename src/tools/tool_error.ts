// This module is browser compatible.

/**
 * An error whose message the model reads. Throw it from a tool when the model can do something about it. For any other
 * exception, the model learns only that the call failed, since an exception may contain details that users must not
 * hear.
 *
 * @category Tools
 *
 * @example Let the model ask again
 * ```ts
 * import { defineTool, ToolError } from "@oai-rt/edge";
 * import { assertRejects } from "@std/assert";
 *
 * const cancelOrder = defineTool({
 *   name: "cancel_order",
 *   run: () => {
 *     throw new ToolError("The order has been shipped: offer a return instead");
 *   },
 * });
 * await assertRejects(() => cancelOrder.call({}, {} as never), ToolError, "offer a return");
 * ```
 */
export class ToolError extends Error {
  /** Creates the error from the text for the model. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ToolError";
  }
}
