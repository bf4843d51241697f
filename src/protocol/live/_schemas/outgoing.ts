// This module is browser compatible.
import { variant } from "../../_schemas/variants.ts";
import {
  LiveForkClientEventSchemas,
  LivePrimaryClientEventSchemas,
  LiveSidebandClientEventSchemas,
} from "./client_event.ts";

// Events that may be sent on each connection. Separate, so that a bundle contains only those of its connection.

export const LivePrimarySchema = /* @__PURE__ */ variant(LivePrimaryClientEventSchemas);

export const LiveSidebandSchema = /* @__PURE__ */ variant(LiveSidebandClientEventSchemas);

export const LiveForkSchema = /* @__PURE__ */ variant(LiveForkClientEventSchemas);
