import { fillDevicePickers } from "./devices.ts";
import { find } from "./dom/find.ts";
import { memory } from "./memory.ts";
import type { TalkKind } from "./talk/talk.ts";

const { input, node, select } = find;

/** Settings that can be changed only between two calls. */
const OF_A_CALL = ["transport", "mode", "voice"] as const;
const DEVICES = ["microphone", "speaker"] as const;

/** What to do when the user changes a setting. */
export interface SettingsListener {
  /** A setting of the next call has changed. */
  changed(): void;
  /** Another device was chosen. */
  device(kind: "microphone" | "speaker", deviceId: string): void;
  /** A device was plugged in or unplugged. */
  plugged(): void;
  volume(volume: number): void;
}

/** The user's settings, which are remembered. */
export class Settings {
  constructor(listener: SettingsListener) {
    for (const id of OF_A_CALL) {
      const saved = memory.get(id);
      if ([...select(id).options].some(({ value }) => value === saved)) select(id).value = saved!;
      remember(id, () => listener.changed());
    }
    for (const id of DEVICES) remember(id, (deviceId) => listener.device(id, deviceId));
    node("settings").addEventListener("toggle", () => node("settings").scrollIntoView({ block: "nearest" }));
    input("volume").addEventListener("input", () => listener.volume(this.volume));
    navigator.mediaDevices?.addEventListener("devicechange", async () => {
      const { speakerId } = this;
      await this.listDevices();
      // A loudspeaker that was unplugged is replaced by the default one until it is back. A microphone replaces itself.
      if (this.speakerId !== speakerId) listener.device("speaker", this.speakerId);
      listener.plugged();
    });
    void this.listDevices();
  }

  get kind(): TalkKind {
    return select("transport").value as TalkKind;
  }

  get isPushToTalk(): boolean {
    return select("mode").value === "push-to-talk";
  }

  get voice(): string {
    return select("voice").value;
  }

  get microphoneId(): string {
    return select("microphone").value;
  }

  get speakerId(): string {
    return select("speaker").value;
  }

  /** From 0 to 1. */
  get volume(): number {
    return input("volume").valueAsNumber;
  }

  /** Lists the devices again: their names are known once the user has allowed a microphone. */
  async listDevices(): Promise<void> {
    await fillDevicePickers(select("microphone"), select("speaker"));
  }

  /** Allows or forbids changes to the settings of a call. */
  lock(isLocked: boolean): void {
    for (const id of OF_A_CALL) select(id).disabled = isLocked;
  }

  /** Opens the settings at one of them. */
  open(id: "transport" | "microphone"): void {
    node("settings").setAttribute("open", "");
    select(id).focus();
  }
}

function remember(id: string, onChange: (value: string) => void): void {
  select(id).addEventListener("change", () => {
    const { value } = select(id);
    memory.set(id, value);
    onChange(value);
  });
}
