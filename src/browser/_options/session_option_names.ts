// This module is browser compatible.
import type { OptionNames } from "../../_internal/check_options.ts";
import type { OpenSessionOptions } from "../../session/mod.ts";
import { OPEN_NAMES } from "../../session/open_session.ts";

const { shared: _shared, sideband: _sideband, type: _type, ...ofPages } = OPEN_NAMES;

/** The names of the options that a page may give a session, for `checkOptions`. */
export const SESSION_NAMES: OptionNames<Omit<OpenSessionOptions, "type" | "sideband" | "shared">> = ofPages;
