const WEATHER: Readonly<Record<string, { celsius: number; sky: string; wind: string }>> = {
  paris: { celsius: 21, sky: "sunny", wind: "a light breeze from the west" },
  london: { celsius: 12, sky: "foggy", wind: "calm" },
  tokyo: { celsius: 26, sky: "cloudy", wind: "a warm wind from the south" },
};

/** Runs the tool that the server's policy describes to the model. */
export async function runTool(name: string, args: string): Promise<unknown> {
  if (name !== "get_weather") throw new RangeError(`There is no tool ${name}`);
  const { city = "" } = JSON.parse(args || "{}");
  // Simulates the delay of another service.
  await new Promise((resolve) => setTimeout(resolve, 600));
  return { city, ...WEATHER[String(city).toLowerCase()] ?? { celsius: 18, sky: "clear", wind: "calm" } };
}
