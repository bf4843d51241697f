import { defineTool, type RealtimeTool } from "@oai-rt/edge";
import * as v from "valibot";

/** The tools of the bakery: they run on the server, where no visitor can look at or change them. */
export const tools: readonly RealtimeTool[] = [
  defineTool({
    name: "opening_hours",
    description: "Tells when the bakery is open on a day of the week.",
    parameters: v.object({ day: v.picklist(["weekday", "saturday", "sunday"]) }),
    run: ({ day }) => ({ weekday: "7 to 18", saturday: "8 to 14", sunday: "closed" })[day],
  }),
];
