// This module is browser compatible.
import { isRecord } from "../_internal/wire.ts";

/** The merged configurations that the server has accepted, as they were sent. A new connection starts with them. */
export class AcceptedConfig<Config extends object> {
  /** The configuration. */
  value: Config = {} as Config;

  /** Merges a command that the server has acknowledged. */
  add(command: { readonly type: string; readonly session?: unknown }): void {
    if (command.type === "session.update") this.value = merge(this.value, command.session) as Config;
  }
}

/**
 * Merges a change into a setting. Only those of the audio are merged by field, unless their type changes. Both types of
 * noise reduction have the same fields, and share their strength.
 */
function merge(before: object, change: unknown, isOfAudio?: boolean): object {
  const sum: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change as object)) {
    const known = sum[name];
    const isMerged = (isOfAudio || name === "audio") && isRecord(known) && isRecord(value) &&
      ((value.type ?? known.type) === known.type || name === "noise_reduction");
    if (value !== undefined) sum[name] = isMerged ? merge(known, value, true) : value;
  }
  return sum;
}
