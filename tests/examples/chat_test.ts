import { assert, assertEquals, assertMatch } from "@std/assert";
import { openShopAgent, type Shop } from "../../examples/chat/shop_agent.ts";
import { createSimulator, type ScenarioOutput } from "../../src/simulator/mod.ts";

const say = (text: string): ScenarioOutput => ({ type: "message", text });
const call = (name: string): ScenarioOutput => ({ type: "function_call", name, arguments: { orderId: "12" } });

async function chat(responses: readonly ScenarioOutput[], shop: Partial<Shop> = {}) {
  const told: string[] = [];
  await using simulator = createSimulator({
    pace: "fast",
    scenario: { turns: [{ responses: responses.map((output) => ({ outputs: [output] })) }] },
  });
  const session = await openShopAgent({
    findParcel: (orderId) => Promise.resolve(`${orderId} is on its way`),
    refund: (orderId) => Promise.resolve(void told.push(`refunded ${orderId}`)),
    approveRefund: (orderId) => Promise.resolve(told.push(`asked for ${orderId}`) > 0),
    onStopped: (words) => void told.push(`stopped ${words}`),
    ...shop,
  }, { apiKey: "sk-test", dial: simulator.dial });
  await session.sendMessage("Hello");
  session.respond();
  await session.idle();
  const texts = session.conversation.getSnapshot().map(({ text, interrupted }) => interrupted ? "interrupted" : text);
  const { closed } = session;
  await session.close();
  return { texts, told, close: await closed };
}

Deno.test("the chat agent looks up a parcel and reports it", async () => {
  const { texts } = await chat([call("find_parcel"), say("It is on its way.")]);
  assertEquals(texts, ["Hello", '{"orderId":"12"}', "12 is on its way", "It is on its way."]);
});

Deno.test("the chat agent refunds only with human approval", async () => {
  const approved = await chat([call("refund"), say("Done.")]);
  assertEquals(approved.told, ["asked for 12", "refunded 12"]);
  assertEquals(approved.texts[2], '{"refunded":true}');
  const refused = await chat([call("refund"), say("Sorry.")], { approveRefund: () => Promise.resolve(false) });
  assertEquals(refused.told, []);
  assertMatch(refused.texts[2]!, /not approved/);
  assertEquals(refused.texts[3], "Sorry.");
});

Deno.test("the chat agent is stopped when it makes a promise, and corrects itself once", async () => {
  const { told, texts } = await chat([say("I promise that it comes tomorrow."), say("I guarantee it."), say("Never.")]);
  assertEquals(told.length, 2);
  assert(told.every((words) => words.startsWith("stopped ")));
  assert(!texts.includes("Never."));
});

Deno.test("the chat in the terminal answers line by line, and prints its cost", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "examples/chat/main.ts"],
    env: { OPENAI_API_KEY: "", NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob(["find_parcel for order 12\nrefund order 12\ny\nThanks\n\n"]).stream().pipeTo(child.stdin);
  const { stdout, stderr, success } = await child.output();
  const shown = new TextDecoder().decode(stdout);
  assert(success, new TextDecoder().decode(stderr));
  const lines = [
    /\(find_parcel: Order \d+ left/,
    /back\? \(y\/n\)/,
    /\(refund: {"refunded":true}\)/,
    // The next question waits until the answer is on the screen.
    /\n> You said: Thanks\.\n> It cost/,
  ];
  for (const line of [...lines, /It cost \$0\.00\d\d\n$/]) assertMatch(shown, line);
});
