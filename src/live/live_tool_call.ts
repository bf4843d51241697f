// This module is browser compatible.

/**
 * A function that the backend of a responses delegation calls.
 *
 * @category Delegation
 */
export interface LiveToolCall {
  /** Identifier of the call. */
  readonly callId: string;
  /** Name of the function. */
  readonly name: string;
  /** Arguments as written by the model, usually JSON text. */
  readonly arguments: string;
  /** The delegation that it belongs to; `undefined` when the server names none. */
  readonly delegationId: string | undefined;
}

/**
 * Decides whether a call of a tool with `needsApproval` is executed.
 *
 * @category Delegation
 */
export type OnLiveToolApproval = (
  call: LiveToolCall,
  context: { readonly signal: AbortSignal },
) => boolean | Promise<boolean>;
