// The page of a Live session: user and model may speak at the same time.
import type { LiveCloseResult, LiveTurn } from "@oai-rt/edge/live";
import { announce } from "./dom/announce.ts";
import { FailureBox } from "./failure_box.ts";
import { explainFailure, type FailureAction } from "./failures.ts";
import { find } from "./dom/find.ts";
import { keepAtEnd } from "./dom/keep_at_end.ts";
import { keepDrawing } from "./dom/keep_drawing.ts";
import { showLevels } from "./levels.ts";
import { type LiveTalk, openLiveTalk } from "./live_talk.ts";
import { onClick } from "./dom/on_click.ts";

/** Texts and hints of the states. */
const TEXTS = {
  idle: ["Ready when you are", "Press Start and say hello. You may speak while the model speaks."],
  connecting: ["Connecting…", "Allow the microphone if your browser asks."],
  listening: ["Listening", "Speak freely, also while the model speaks."],
  speaking: ["Speaking", "Speak freely, also while the model speaks."],
  muted: ["Muted", "Unmute to be heard."],
  failed: ["The session did not start", ""],
} as const;
type StateName = keyof typeof TEXTS;
/** Maximum number of captions on the page; the oldest are removed. */
const MAX_CAPTIONS = 200;

const { button, node, select } = find;
const captions = new Map<string, HTMLElement>();
/** Shown until the first words. */
const placeholder = node("captions").firstElementChild!;
let talk: LiveTalk | undefined;
let dialing: AbortController | undefined;
let hasFailed = false;
/** How the last session ended, until another one starts. */
let ended: LiveCloseResult | undefined;

const ACTIONS: Readonly<Record<FailureAction, () => void>> = {
  retry: () => void start(),
  reload: () => location.reload(),
  dismiss: () => failureBox.hide(),
  unblock: () => failureBox.hide(),
  "choose-connection"() {
    node("settings").setAttribute("open", "");
    select("transport").focus();
  },
  // There is no choice on this page.
  "choose-microphone": () => failureBox.hide(),
};
const failureBox = new FailureBox((action) => ACTIONS[action]());

function fail(error: unknown): void {
  const failure = explainFailure(error, navigator.onLine);
  failureBox.show(failure.action === "choose-microphone" ? { ...failure, label: "Dismiss" } : failure);
}

async function start(): Promise<void> {
  if (talk || dialing) return;
  const { signal } = dialing = new AbortController();
  hasFailed = false;
  ended = undefined;
  failureBox.hide();
  show();
  try {
    const transport = select("transport").value as "webrtc" | "relay";
    begin(talk = await openLiveTalk({ transport, signal, onMicrophoneLost: fail }));
  } catch (error) {
    hasFailed = !signal.aborted;
    if (hasFailed) fail(error);
  } finally {
    dialing = undefined;
    show();
  }
}

function begin({ release, session }: LiveTalk): void {
  node("captions").replaceChildren(placeholder);
  captions.clear();
  session.on("turn_delta", ({ turn }) => caption(turn, false));
  session.on("turn_done", ({ turn }) => caption(turn, true));
  session.on("*", show);
  void session.closed.then((close) => {
    release();
    failureBox.hide();
    talk = undefined;
    ended = close;
    show();
  });
}

/** Shows the words of a turn; those of one that is over are read out. */
function caption({ role, startMs, text }: LiveTurn, isOver: boolean): void {
  const key = `${role} ${startMs}`;
  const list = node("captions");
  const item = captions.get(key) ?? document.createElement("li");
  captions.set(key, item);
  const [who, kind] = role === "user" ? ["You", "you"] : ["Model", "model"];
  keepAtEnd(list, () => {
    placeholder.remove();
    item.className = `caption ${kind}${isOver ? "" : " partial"}`;
    item.replaceChildren(
      Object.assign(document.createElement("span"), { className: "who", textContent: who }),
      Object.assign(document.createElement("p"), { dir: "auto", textContent: text }),
    );
    if (!item.isConnected) list.append(item);
    if (captions.size > MAX_CAPTIONS) removeOldest();
  });
  if (isOver) announce(node("announcer"), `${who}: ${text}`);
}

function removeOldest(): void {
  const [key, item] = [...captions][0]!;
  captions.delete(key);
  item.remove();
}

async function setMuted(isMuted: boolean): Promise<void> {
  await (isMuted ? talk?.session.mute() : talk?.session.unmute());
  show();
}

function hangUp(): void {
  dialing?.abort();
  void talk?.session.close();
}

function stateName(): StateName {
  if (!talk) return dialing ? "connecting" : hasFailed ? "failed" : "idle";
  if (talk.session.isSpeaking) return "speaking";
  return talk.session.muted ? "muted" : "listening";
}

function show(): void {
  const isBusy = talk !== undefined || dialing !== undefined;
  const isMuted = talk?.session.muted ?? false;
  const name = stateName();
  const [text, hint] = ended ? ["Session ended", describeEnd(ended)] : TEXTS[name];
  document.body.dataset.state = name;
  setText("state", text);
  setText("hint", hint);
  button("start").querySelector(".label")!.textContent = isBusy ? "Hang up" : "Start";
  button("start").classList.toggle("danger", isBusy);
  button("mute").disabled = !talk;
  button("mute").setAttribute("aria-pressed", String(isMuted));
  select("transport").disabled = isBusy;
  const { seconds = 0 } = talk?.session.usage ?? {};
  // Not every connection reports it before the end.
  node("clock").hidden = seconds === 0;
  setText("clock", `${Math.floor(seconds)} s billed`);
}

function describeEnd({ confirmed, reason, seconds }: LiveCloseResult): string {
  const cost = confirmed ? `${seconds.toFixed(1)} s are billed.` : "The server did not confirm how much is billed.";
  return reason === "close_requested" ? cost : `${cost} Reason: ${reason}.`;
}

/** Sets a text if it has changed, as status texts are read out. */
function setText(id: string, text: string): void {
  if (node(id).textContent !== text) node(id).textContent = text;
}

onClick("start", () => talk || dialing ? hangUp() : void start());
button("mute").addEventListener("click", () => void setMuted(!talk?.session.muted));
show();
keepDrawing(() => showLevels(talk?.session.muted ? 0 : talk?.inputLevel ?? 0, talk?.outputLevel ?? 0));
/** For tests. */
Object.assign(globalThis, {
  demo: {
    get talk() {
      return talk;
    },
  },
});
