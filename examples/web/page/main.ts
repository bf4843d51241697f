import type { SessionEvent } from "@oai-rt/edge";
import { Captions } from "./captions.ts";
import { fillDevicePickers } from "./devices.ts";
import { EventsPane } from "./events_pane.ts";
import { explainEnd, explainFailure, type Failure, PLAYBACK_BLOCKED } from "./failures.ts";
import { Figures } from "./figures.ts";
import { meter } from "./meter.ts";
import { openTalk } from "./open_talk.ts";
import { CallState } from "./state.ts";
import { find } from "./find.ts";
import type { Talk, TalkKind } from "./talk.ts";
import { Timeline } from "./timeline.ts";
import { TimelineView } from "./timeline_view.ts";

/** Silence of the microphone after which the page asks whether it works, in milliseconds. */
const UNHEARD_MS = 4000;
/** Interval of drawing levels and timeline, in milliseconds. */
const DRAW_MS = 60;
/** Interval of measuring figures, in milliseconds. */
const FIGURES_MS = 1000;

const { button, input, node, select } = find;
const state = new CallState();
const captions = new Captions(node("captions"), node("announcer"));
const events = new EventsPane(node("events"), input("filter"), select("direction"));
const figures = new Figures(node("figures"));
const orb = document.querySelector<HTMLElement>(".orb")!;
const view = new TimelineView(node("timeline"), node("timeline-words"));
let timeline = new Timeline();
let talk: Talk | undefined;
let dialing: AbortController | undefined;
let startedAt = 0;
let lastLoudAt = 0;
let drawnAt = 0;
/** The reason why the lost connection could not be replaced. */
let refusal: unknown;
let shown = "";
let turns = 0;
let speechEndedAt: number | undefined;
let failureAction: Failure["action"] | undefined;
let wakeLock: { release(): Promise<void> } | undefined;
const { baseUrl } = await (await fetch("/api.json")).json();

const now = () => performance.now() - startedAt;

/** Shows the state of the call; idempotent, and called after everything that may change it. */
function show(): void {
  const { muted, name, phase, text } = state;
  // Most events change nothing here, and writing the same text would redraw the page.
  const key = JSON.stringify([name, text, phase, muted, talk?.controller, select("mode").value, captions.isEmpty]);
  if (key === shown) return showHint();
  shown = key;
  document.body.dataset.state = name;
  if (node("state").textContent !== text) node("state").textContent = text;
  const isLive = state.phase === "live";
  const isBusy = isLive || state.phase === "connecting" || state.phase === "asking";
  button("start").querySelector(".label")!.textContent = isBusy ? "Hang up" : "Start";
  button("start").classList.toggle("danger", isBusy);
  const isPushed = select("mode").value === "push-to-talk";
  const isOurs = talk?.controller !== "server";
  button("mute").disabled = !isLive || isPushed;
  button("mute").setAttribute("aria-pressed", String(state.muted));
  button("mute").querySelector(".label")!.textContent = state.muted ? "Unmute" : "Mute";
  button("interrupt").disabled = !isLive || !isOurs;
  node("talk").hidden = !(isLive && isPushed && isOurs);
  input("words").disabled = !isLive || !isOurs;
  input("words").placeholder = isLive && !isOurs ? "The server is in control" : "Write instead of speaking…";
  node("say").querySelector("button")!.disabled = !isLive || !isOurs;
  for (const id of ["transport", "mode", "voice"]) select(id).disabled = isBusy;
  node("controller").hidden = !isLive;
  node("controller").textContent = isOurs ? "Page in control" : "Server in control";
  node("clock").hidden = !isLive;
  showHint();
  button("copy").disabled = button("download").disabled = captions.isEmpty;
}

function fail(failure: Failure | undefined): void {
  node("failure").hidden = !failure;
  failureAction = failure?.action;
  if (!failure) return;
  node("failure-text").textContent = failure.text;
  node("failure-action").textContent = failure.label;
}

async function start(): Promise<void> {
  if (dialing || talk) return;
  const controller = dialing = new AbortController();
  fail(undefined);
  state.reset();
  state.phase = "asking";
  state.muted = false;
  timeline = new Timeline();
  turns = 0;
  figures.firstSoundMs = speechEndedAt = undefined;
  events.clear();
  show();
  try {
    const opened = await openTalk({
      kind: select("transport").value as TalkKind,
      mode: select("mode").value === "push-to-talk" ? "push-to-talk" : "hands-free",
      voice: select("voice").value,
      microphoneId: select("microphone").value,
      speakerId: select("speaker").value,
      volume: input("volume").valueAsNumber,
      baseUrl,
      log: (line) => events.log(line),
      onMicrophone() {
        state.phase = "connecting";
        void fillDevicePickers(select("microphone"), select("speaker"));
        show();
      },
      signal: controller.signal,
    }, {
      heard(isHeard) {
        state.speaking = isHeard;
        timeline.heard(isHeard, now());
        if (isHeard && speechEndedAt !== undefined) {
          figures.firstSoundMs = now() - speechEndedAt;
          speechEndedAt = undefined;
        }
        show();
      },
      interrupted(isInterrupted) {
        state.reconnecting = isInterrupted;
        show();
      },
      blocked: () => fail(PLAYBACK_BLOCKED),
      microphoneLost: (error) => fail(explainFailure(error, navigator.onLine)),
    });
    if (controller.signal.aborted) return await opened.close();
    begin(opened);
  } catch (error) {
    state.phase = controller.signal.aborted ? "ended" : "failed";
    if (!controller.signal.aborted) fail(explainFailure(error, navigator.onLine));
  } finally {
    dialing = undefined;
    show();
  }
}

function begin(opened: Talk): void {
  talk = opened;
  refusal = undefined;
  startedAt = lastLoudAt = performance.now();
  state.phase = "live";
  captions.show(opened.session.conversation);
  opened.session.on("*", (event) => receive(event));
  opened.voice?.on("interrupted", ({ heardText, itemId }) => captions.heard(itemId, heardText));
  if (opened.isBlocked) fail(PLAYBACK_BLOCKED);
  void holdScreen();
  void opened.closed.then((close) => {
    talk = undefined;
    state.phase = "ended";
    timeline.end(now());
    captions.stop();
    view.draw(timeline, now());
    fail(refusal ? explainFailure(refusal, navigator.onLine) : explainEnd(close, navigator.onLine));
    void wakeLock?.release();
    wakeLock = undefined;
    show();
  });
}

function receive(event: SessionEvent): void {
  const fields = event as { readonly type: string };
  state.receive(fields);
  timeline.receive(fields, now());
  if (event.type === "input_audio_buffer.speech_stopped") speechEndedAt = now();
  if (event.type === "response.done") turns++;
  if (event.type === "recovery_failed" && event.attempts > 0) refusal = event.cause;
  show();
}

function hangUp(): void {
  dialing?.abort();
  talk?.close().catch((error) => console.warn(error));
}

function setMuted(isMuted: boolean): void {
  if (!talk || select("mode").value === "push-to-talk") return;
  talk.mute(isMuted);
  state.muted = isMuted;
  show();
}

function interrupt(): void {
  talk?.interrupt().catch((error) => console.warn(error));
}

/** A push-to-talk turn ends with the button, however it is released: pointer, key, focus. */
function setPressed(isPressed: boolean): void {
  const talkButton = button("talk");
  const was = talkButton.getAttribute("aria-pressed") === "true";
  if (was === isPressed || !talk || talkButton.hidden) return;
  talkButton.setAttribute("aria-pressed", String(isPressed));
  state.pressed = isPressed;
  timeline.pressed(isPressed, now());
  show();
  if (isPressed) talk.press();
  else talk.release().catch((error) => console.warn(error));
}

async function holdScreen(): Promise<void> {
  // Not every browser has it, and it is refused when the battery is low: the screen may go dark then.
  wakeLock = await navigator.wakeLock?.request("screen").catch(() => undefined);
}

function say(): void {
  const field = input("words");
  const words = field.value.trim();
  if (!words || !talk) return;
  field.value = "";
  talk.session.ask(words).catch((error) => fail(explainFailure(error, navigator.onLine)));
}

/** Levels and timeline are drawn with the screen; a hidden page has no frames, and needs none. */
function frame(time = 0): void {
  requestAnimationFrame(frame);
  // A higher rate is not visible, and each frame redraws the page.
  if (time - drawnAt < DRAW_MS) return;
  drawnAt = time;
  const { inputLevel = 0, outputLevel = 0 } = talk ?? {};
  meter("input-meter", inputLevel);
  meter("output-meter", outputLevel);
  orb.style.setProperty("--level", Math.min(1, Math.max(inputLevel, outputLevel) * 4).toFixed(2));
  if (!talk) return;
  if (inputLevel > 0.0005 || state.muted) lastLoudAt = performance.now();
  view.draw(timeline, now());
}

function showHint(): void {
  const hint = node("hint");
  const text = hintText();
  if (hint.textContent !== text) hint.textContent = text;
}

/** The user's current options. */
function hintText(): string {
  if (state.phase !== "live") return HINTS[state.phase] ?? "";
  if (state.reconnecting) return "The connection was lost. The conversation goes on as soon as there is another.";
  if (select("mode").value === "push-to-talk") return "Hold the button or the space bar while you speak.";
  if (state.muted) return "Unmute to be heard.";
  if (performance.now() - lastLoudAt > UNHEARD_MS) return "We do not hear you: is the right microphone chosen?";
  return "Speak freely, and interrupt whenever you like.";
}

async function measure(): Promise<void> {
  showHint();
  const seconds = Math.floor(now() / 1000);
  if (talk) node("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (talk) figures.show(talk.session, turns, await talk.stats?.());
}

const HINTS: Readonly<Record<string, string>> = {
  idle: "Press Start and say hello. Ask about the weather in Paris.",
  asking: "Your browser asks; nothing is dialled before you allow it.",
  connecting: "One moment.",
  ended: "Press Start to talk again.",
  failed: "",
};

const ACTIONS: Readonly<Record<Failure["action"], () => void>> = {
  retry: () => void start(),
  reload: () => location.reload(),
  dismiss: () => fail(undefined),
  settings() {
    find.node("settings").setAttribute("open", "");
    select("transport").focus();
  },
  unblock() {
    talk?.unblock().then(() => fail(undefined), (error) => console.warn(error));
  },
};

button("start").addEventListener("click", () => talk || dialing ? hangUp() : void start());
button("mute").addEventListener("click", () => setMuted(!state.muted));
button("interrupt").addEventListener("click", interrupt);
button("failure-action").addEventListener("click", () => failureAction && ACTIONS[failureAction]());
node("say").addEventListener("submit", (event) => {
  event.preventDefault();
  say();
});
input("volume").addEventListener("input", () => talk?.setVolume(input("volume").valueAsNumber));
for (const id of ["microphone", "speaker"] as const) {
  select(id).addEventListener("change", () => {
    const { value } = select(id);
    localStorage.setItem(id, value);
    const change = id === "microphone" ? talk?.setMicrophone(value) : talk?.setSpeaker(value);
    change?.catch((error) => fail(explainFailure(error, navigator.onLine)));
  });
}
for (const id of ["transport", "mode", "voice"]) {
  const saved = localStorage.getItem(id);
  if (saved && [...select(id).options].some(({ value }) => value === saved)) select(id).value = saved;
  select(id).addEventListener("change", () => {
    localStorage.setItem(id, select(id).value);
    show();
  });
}
const talkButton = button("talk");
talkButton.addEventListener("pointerdown", (event) => {
  talkButton.setPointerCapture(event.pointerId);
  setPressed(true);
});
for (const type of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
  talkButton.addEventListener(type, () => setPressed(false));
}
globalThis.addEventListener("blur", () => setPressed(false));
document.addEventListener("keydown", (event) => {
  const isField = event.target instanceof Element && event.target.closest("input, select, textarea, summary") !== null;
  if (event.code === "Escape") interrupt();
  if (isField || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.code === "KeyM") setMuted(!state.muted);
  if (event.code === "Space" && !talkButton.hidden) {
    event.preventDefault();
    setPressed(true);
  }
});
document.addEventListener("keyup", (event) => {
  if (event.code === "Space") setPressed(false);
});
button("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(captions.text);
  button("copy").textContent = "Copied";
  setTimeout(() => button("copy").textContent = "Copy", 1500);
});
button("download").addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([`${captions.text}\n\n${events.text}\n`], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: url, download: "conversation.txt" }).click();
  URL.revokeObjectURL(url);
});
globalThis.addEventListener("offline", () => {
  if (talk) fail({ text: "You are offline: the call waits for the connection.", action: "dismiss", label: "Dismiss" });
});
globalThis.addEventListener("online", () => fail(undefined));
navigator.mediaDevices?.addEventListener("devicechange", () => {
  void fillDevicePickers(select("microphone"), select("speaker"));
});
void fillDevicePickers(select("microphone"), select("speaker"));
setInterval(() => measure().catch((error) => console.warn(error)), FIGURES_MS);
show();
frame();
/** State for tests. */
Object.assign(globalThis, {
  demo: {
    get timeline() {
      return timeline.lanes;
    },
    get talk() {
      return talk;
    },
    get startedAt() {
      return startedAt;
    },
    state,
    show,
  },
});
