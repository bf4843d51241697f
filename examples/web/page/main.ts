// The page of a Realtime conversation.
import type { SessionEvent } from "@oai-rt/edge";
import { CallView } from "./call_view.ts";
import { Captions } from "./captions.ts";
import { offerCopies } from "./copies.ts";
import { EventsPane } from "./events_pane.ts";
import { FailureBox } from "./failure_box.ts";
import { COPY_REFUSED, explainEnd, explainFailure, type FailureAction, OFFLINE, PLAYBACK_BLOCKED } from "./failures.ts";
import { Figures } from "./figures.ts";
import { find } from "./dom/find.ts";
import { keepDrawing } from "./dom/keep_drawing.ts";
import { showLevels } from "./levels.ts";
import { onClick } from "./dom/on_click.ts";
import { openTalk } from "./talk/open_talk.ts";
import { PushToTalk } from "./push_to_talk.ts";
import { ScreenLock } from "./screen_lock.ts";
import { Settings } from "./settings.ts";
import { CallState } from "./state.ts";
import type { Talk, TalkListener } from "./talk/talk.ts";
import { Timeline } from "./timeline.ts";
import { clock, TimelineView } from "./timeline_view.ts";

/** Silence of the microphone after which the page asks whether it works, in milliseconds. */
const UNHEARD_MS = 4000;
/** Interval of measuring figures, in milliseconds. */
const FIGURES_MS = 1000;

const { button, input, node, select } = find;
const state = new CallState();
const callView = new CallView();
const captions = new Captions(node("captions"), node("announcer"));
const events = new EventsPane(node("events"), input("filter"), select("direction"));
const figures = new Figures(node("figures"));
const timelineView = new TimelineView(node("timeline"), node("timeline-words"));
let timeline = new Timeline();
let talk: Talk | undefined;
let dialing: AbortController | undefined;
let startedAt = 0;
let lastLoudAt = 0;
/** The reason why the lost connection could not be replaced. */
let refusal: unknown;
/** Whether the microphone was unplugged, and there was no other. */
let isMicrophoneLost = false;
let turns = 0;
/** Time at which the user has finished, until the model is heard. */
let askedAt: number | undefined;
const screenLock = new ScreenLock(() => talk !== undefined);

const settings = new Settings({
  changed: show,
  device(kind, deviceId) {
    const change = kind === "microphone" ? setMicrophone(deviceId) : setSpeaker(deviceId);
    change.catch(fail);
  },
  plugged() {
    // If there is still none, its message is still shown.
    if (isMicrophoneLost) setMicrophone(settings.microphoneId).catch((error) => console.warn(error));
  },
  volume: (volume) => talk?.setVolume(volume),
});
const pushToTalk = new PushToTalk((isPressed) => {
  state.pressed = isPressed;
  timeline.pressed(isPressed, now());
  show();
  const change = async () => await (isPressed ? talk?.press() : talk?.release());
  change().catch((error) => console.warn(error));
});
const ACTIONS: Readonly<Record<FailureAction, () => void>> = {
  retry,
  reload: () => location.reload(),
  dismiss: () => failureBox.hide(),
  "choose-connection": () => settings.open("transport"),
  "choose-microphone": () => settings.open("microphone"),
  unblock: () => void talk?.unblock().then(() => failureBox.hide(PLAYBACK_BLOCKED), fail),
};
const failureBox = new FailureBox((action) => ACTIONS[action]());

/** Milliseconds since the call began. */
function now(): number {
  return performance.now() - startedAt;
}

/** Calls again or, during a call, tries the devices again. */
function retry(): void {
  if (!talk) return void start();
  failureBox.hide();
  const { microphoneId, speakerId } = settings;
  Promise.all([setMicrophone(microphoneId), speakerId && setSpeaker(speakerId)]).catch(fail);
}

function fail(error: unknown): void {
  failureBox.show(explainFailure(error, navigator.onLine));
}

/** Shows the state of the call, after everything that may change it; idempotent. */
function show(): void {
  const { isPushToTalk } = settings;
  const controller = talk?.controller;
  callView.show({ state, controller, isPushToTalk, hasCaptions: !captions.isEmpty });
  pushToTalk.show(state.isLive && isPushToTalk && controller !== "server");
  settings.lock(state.isBusy);
  const hint = hintText();
  if (node("hint").textContent !== hint) node("hint").textContent = hint;
}

/** The user's current options. */
function hintText(): string {
  if (!state.isLive) return state.hint;
  if (state.reconnecting) return "The connection was lost. The conversation goes on as soon as there is another.";
  if (settings.isPushToTalk) return "Hold the button or the space bar while you speak.";
  if (state.muted) return "Unmute to be heard.";
  if (performance.now() - lastLoudAt > UNHEARD_MS) return "We do not hear you: is the right microphone chosen?";
  return "Speak freely, and interrupt whenever you like.";
}

async function start(): Promise<void> {
  if (dialing || talk) return;
  const { signal } = dialing = new AbortController();
  failureBox.hide();
  state.reset();
  timeline = new Timeline();
  turns = 0;
  figures.firstSoundMs = askedAt = undefined;
  events.clear();
  show();
  try {
    const opened = await openTalk({
      kind: settings.kind,
      mode: settings.isPushToTalk ? "push-to-talk" : "hands-free",
      voice: settings.voice,
      microphoneId: settings.microphoneId,
      speakerId: settings.speakerId,
      volume: settings.volume,
      log: (line) => events.log(line),
      onMicrophone() {
        state.phase = "connecting";
        void settings.listDevices();
        show();
      },
      signal,
    }, talkListener);
    if (signal.aborted) await opened.close();
    signal.throwIfAborted();
    begin(opened);
  } catch (error) {
    state.phase = signal.aborted ? "ended" : "failed";
    if (!signal.aborted) fail(error);
  } finally {
    dialing = undefined;
    show();
  }
}

const talkListener: TalkListener = {
  heard(isHeard) {
    state.speaking = isHeard;
    timeline.heard(isHeard, now());
    if (isHeard && askedAt !== undefined) {
      figures.firstSoundMs = now() - askedAt;
      askedAt = undefined;
    }
    show();
  },
  interrupted(isInterrupted) {
    state.reconnecting = isInterrupted;
    show();
  },
  blocked: () => failureBox.show(PLAYBACK_BLOCKED),
  microphoneLost(error) {
    isMicrophoneLost = true;
    fail(error);
  },
};

function begin(opened: Talk): void {
  talk = opened;
  refusal = undefined;
  isMicrophoneLost = false;
  startedAt = lastLoudAt = performance.now();
  state.phase = "live";
  captions.show(opened.session.conversation);
  opened.session.on("*", receive);
  if (opened.isBlocked) failureBox.show(PLAYBACK_BLOCKED);
  void screenLock.update();
  void opened.closed.then(end);
}

function end(close: { readonly code: number; readonly reason: string }): void {
  talk = undefined;
  state.phase = "ended";
  timeline.end(now());
  captions.stop();
  timelineView.draw(timeline, now());
  const failure = refusal ? explainFailure(refusal, navigator.onLine) : explainEnd(close, navigator.onLine);
  if (failure) failureBox.show(failure);
  else failureBox.hide();
  void screenLock.update();
  show();
}

function receive(event: SessionEvent): void {
  const fields = event as { readonly type: string };
  state.receive(fields);
  timeline.receive(fields, now());
  if (event.type === "input_audio_buffer.committed") askedAt = now();
  if (event.type === "response.done") turns++;
  if (event.type === "recovery_failed" && event.attempts > 0) refusal = event.cause;
  show();
}

function hangUp(): void {
  dialing?.abort();
  talk?.close().catch((error) => console.warn(error));
}

function setMuted(isMuted: boolean): void {
  if (!talk || settings.isPushToTalk) return;
  talk.mute(isMuted);
  state.muted = isMuted;
  show();
}

async function setMicrophone(deviceId: string): Promise<void> {
  await talk?.setMicrophone(deviceId);
  if (isMicrophoneLost) failureBox.hide();
  isMicrophoneLost = false;
}

async function setSpeaker(deviceId: string): Promise<void> {
  await talk?.setSpeaker(deviceId);
  // Browsers stop the sound when its device is unplugged.
  if (talk?.isBlocked) await talk.unblock();
}

function interrupt(): void {
  talk?.interrupt().catch((error) => console.warn(error));
}

function say(): void {
  const field = input("words");
  const words = field.value.trim();
  if (!words || !talk) return;
  field.value = "";
  askedAt = now();
  talk.session.ask(words).catch(fail);
}

/** Draws levels and timeline. */
function draw(): void {
  const { inputLevel = 0, outputLevel = 0 } = talk ?? {};
  showLevels(inputLevel, outputLevel);
  if (!talk) return;
  if (inputLevel > 0.0005 || state.muted) lastLoudAt = performance.now();
  timelineView.draw(timeline, now());
}

async function measure(): Promise<void> {
  show();
  if (!talk) return;
  node("clock").textContent = clock(now());
  figures.show(talk.session, turns, await talk.stats?.());
}

onClick("start", () => talk || dialing ? hangUp() : void start());
button("mute").addEventListener("click", () => setMuted(!state.muted));
button("interrupt").addEventListener("click", interrupt);
node("say").addEventListener("submit", (event) => {
  event.preventDefault();
  say();
});
document.addEventListener("keydown", (event) => {
  // Escape also ends the composition of a word that takes several keys.
  if (event.isComposing) return;
  const field = event.target instanceof Element ? event.target.closest("input, select, summary") : null;
  if (event.code === "Escape" && (!field || field.id === "words")) interrupt();
  if (field || event.ctrlKey || event.metaKey || event.altKey) return;
  // Where the letter is depends on the keyboard.
  if (event.key.toLowerCase() === "m" && !event.repeat) setMuted(!state.muted);
  // A key that is held repeats itself, and would scroll the page.
  if (event.code === "Space" && pushToTalk.press()) event.preventDefault();
});
offerCopies(captions, events, () => failureBox.show(COPY_REFUSED));
globalThis.addEventListener("offline", () => talk && failureBox.show(OFFLINE));
globalThis.addEventListener("online", () => failureBox.hide(OFFLINE));
setInterval(() => measure().catch((error) => console.warn(error)), FIGURES_MS);
show();
keepDrawing(draw);
/** For tests. */
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
  },
});
