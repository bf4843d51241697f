// This module is browser compatible.
import { checkNames } from "../../_internal/check_options.ts";
import { closestName } from "../../_internal/closest_name.ts";
import { SERVER_PROFILES, type ServerName, type ServerProfile } from "../server_profile.ts";

/** The values of the members that are enumerations. */
const WORDS: { readonly [Name in keyof ServerProfile]?: readonly ServerProfile[Name][] } = {
  shape: ["ga", "voice-live", "xai"],
  refusesKeysAt: ["socket", "handshake"],
  itemIds: ["client", "server"],
  idShape: ["prefixed", "uuid"],
  secondResponse: ["refused", "cancels"],
  rateLimitUpdates: ["recorded", "always", "never"],
};

/**
 * The profile of a server.
 *
 * @throws {TypeError} when there is no server of that name, or a profile has a missing, unknown or invalid member.
 * @throws {RangeError} when a time of a profile is negative or not a number.
 */
export function resolveProfile(server: ServerName | ServerProfile): ServerProfile {
  if (typeof server === "string") {
    if (Object.hasOwn(SERVER_PROFILES, server)) return SERVER_PROFILES[server];
    const names = Object.keys(SERVER_PROFILES);
    const closest = closestName(server, names);
    const hint = closest === undefined ? "" : `, did you mean ${closest}?`;
    throw new TypeError(
      `Cannot create the simulator as server must be one of ${names.join(", ")}: current value is ${server}${hint}`,
    );
  }
  checkNames("create the simulator", server, { ...SERVER_PROFILES.openai }, "server");
  for (const [name, value] of Object.entries(SERVER_PROFILES.openai)) {
    const given = (server as unknown as Readonly<Record<string, unknown>>)[name];
    if (kindOf(given) !== kindOf(value)) {
      throw new TypeError(
        `Cannot create the simulator as server.${name} must be a ${kindOf(value)}: current value is ${given}`,
      );
    }
    const words: readonly unknown[] | undefined = WORDS[name as keyof ServerProfile];
    if (words && !words.includes(given)) {
      throw new TypeError(
        `Cannot create the simulator as server.${name} must be one of ${words.join(", ")}: current value is ${given}`,
      );
    }
    if (typeof given === "number" && !(given >= 0)) {
      throw new RangeError(`Cannot create the simulator as server.${name} must be >= 0: current value is ${given}`);
    }
  }
  return server;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
