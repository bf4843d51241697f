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
  /** Arguments as the model wrote them: JSON text, as a rule. */
  readonly arguments: string;
  /** The delegation that it belongs to; `undefined` when the server names none. */
  readonly delegationId: string | undefined;
}

/**
 * Decides whether a call of a tool with `needsApproval` is carried out.
 *
 * @category Delegation
 */
export type OnLiveToolApproval = (
  call: LiveToolCall,
  context: { readonly signal: AbortSignal },
) => boolean | Promise<boolean>;
