// This module is browser compatible.
import { variant } from "../../_schemas/variants.ts";
import {
  LiveForkClientEventSchemas,
  LivePrimaryClientEventSchemas,
  LiveSidebandClientEventSchemas,
} from "./client_event.ts";

// What is sent on each connection. Apart, so that who uses one of them does not carry the others.

export const LivePrimarySchema = /* @__PURE__ */ variant(LivePrimaryClientEventSchemas);

export const LiveSidebandSchema = /* @__PURE__ */ variant(LiveSidebandClientEventSchemas);

export const LiveForkSchema = /* @__PURE__ */ variant(LiveForkClientEventSchemas);
