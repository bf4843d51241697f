// This module is browser compatible.
import type { InstalledPart, Session, SessionHost } from "../session/mod.ts";

/**
 * Installs voice as a part of a session; `make` creates it from the session's host.
 *
 * @throws {TypeError} when the session already has a voice. Exceptions of `make` are passed on, and nothing is then
 * installed.
 */
export function installVoice<T extends { readonly part: InstalledPart }>(
  session: Session,
  make: (host: SessionHost) => T,
): T {
  let made: T;
  session.install({ name: "voice", install: (host) => (made = make(host)).part });
  return made!;
}
