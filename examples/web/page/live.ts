// The page of a Live session: user and model may speak at the same time.
import type { LiveTurn } from "@oai-rt/edge/live";
import { find } from "./find.ts";
import { type LiveTalk, openLiveTalk } from "./live_talk.ts";
import { meter } from "./meter.ts";

const { button, node, select } = find;
const captions = new Map<string, HTMLElement>();
let talk: LiveTalk | undefined;
let dialing: AbortController | undefined;

button("start").addEventListener("click", () => talk || dialing ? hangUp() : void start());
button("mute").addEventListener("click", () => void setMuted(!talk?.session.muted));

async function start(): Promise<void> {
  const controller = dialing = new AbortController();
  fail(undefined);
  show();
  try {
    const opened = talk = await openLiveTalk(select("transport").value as "webrtc" | "relay", controller.signal);
    begin(opened);
  } catch (error) {
    if (!controller.signal.aborted) fail(error);
  } finally {
    dialing = undefined;
    show();
  }
}

function begin({ session }: LiveTalk): void {
  node("captions").replaceChildren();
  captions.clear();
  session.on("turn_delta", ({ turn }) => caption(turn, false));
  session.on("turn_done", ({ turn }) => caption(turn, true));
  session.on("*", show);
  void session.closed.then(({ confirmed, reason, seconds }) => {
    talk?.release();
    talk = undefined;
    show();
    node("state").textContent = `Ended: ${reason}${confirmed ? "" : ", not confirmed"}, ${seconds} s`;
  });
}

/** Shows the words of a turn; those of one that is over are read out. */
function caption({ role, startMs, text }: LiveTurn, isOver: boolean): void {
  const key = `${role} ${startMs}`;
  const item = captions.get(key) ?? document.createElement("li");
  if (!captions.has(key)) node("captions").append(item);
  captions.set(key, item);
  const who = Object.assign(document.createElement("span"), {
    className: "who",
    textContent: role === "user" ? "You" : "Model",
  });
  item.className = `caption ${role}${isOver ? "" : " partial"}`;
  item.replaceChildren(who, Object.assign(document.createElement("p"), { textContent: text }));
  if (isOver) node("announcer").textContent = `${who.textContent}: ${text}`;
}

async function setMuted(isMuted: boolean): Promise<void> {
  await (isMuted ? talk?.session.mute() : talk?.session.unmute());
  show();
}

function hangUp(): void {
  dialing?.abort();
  void talk?.session.close();
}

function show(): void {
  const isBusy = talk !== undefined || dialing !== undefined;
  const state = !talk
    ? dialing ? "connecting" : "idle"
    : talk.session.isSpeaking
    ? "speaking"
    : talk.session.muted
    ? "muted"
    : "listening";
  document.body.dataset.state = state;
  if (talk || dialing) node("state").textContent = WORDS[state] ?? state;
  button("start").querySelector(".label")!.textContent = isBusy ? "Hang up" : "Start";
  button("mute").disabled = !talk;
  button("mute").setAttribute("aria-pressed", String(talk?.session.muted ?? false));
  select("transport").disabled = isBusy;
  node("clock").hidden = !talk;
  node("clock").textContent = `${talk?.session.usage.seconds ?? 0} s`;
}

const WORDS: Readonly<Record<string, string>> = {
  connecting: "Connecting…",
  listening: "Listening",
  speaking: "Speaking",
  muted: "Muted",
};

function fail(error: unknown): void {
  node("failure").hidden = error === undefined;
  node("failure-text").textContent = error instanceof Error ? error.message : String(error ?? "");
}

function measure(): void {
  requestAnimationFrame(measure);
  meter("input-meter", talk?.inputLevel ?? 0);
  meter("output-meter", talk?.outputLevel ?? 0);
}

show();
measure();
// For tests, which inspect the page.
Object.assign(globalThis, {
  demo: {
    get talk() {
      return talk;
    },
  },
});
