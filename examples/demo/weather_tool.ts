import { defineTool, type RealtimeTool } from "@oai-rt/edge";
import * as v from "valibot";

const WEATHER: Readonly<Record<string, { celsius: number; sky: string; wind: string }>> = {
  paris: { celsius: 21, sky: "sunny", wind: "a light breeze from the west" },
  london: { celsius: 12, sky: "foggy", wind: "calm" },
  tokyo: { celsius: 26, sky: "cloudy", wind: "a warm wind from the south" },
  nairobi: { celsius: 24, sky: "partly cloudy", wind: "calm" },
};

/** A tool with fixed weather for a few cities. */
export const weatherTool: RealtimeTool = defineTool({
  name: "get_weather",
  description: "Look up today's weather in a city.",
  parameters: v.object({ city: v.pipe(v.string(), v.minLength(1), v.description("Name of the city")) }),
  run: ({ city }) => {
    const weather = WEATHER[city.toLowerCase()];
    if (!weather) throw new RangeError(`No weather is known for ${city}, only for ${Object.keys(WEATHER).join(", ")}`);
    return { city, ...weather };
  },
});
