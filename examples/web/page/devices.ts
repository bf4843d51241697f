import { memory } from "./memory.ts";

/** Fills the pickers of devices. Labels are empty until the user has allowed a microphone; the choice is remembered. */
export async function fillDevicePickers(microphone: HTMLSelectElement, speaker: HTMLSelectElement): Promise<void> {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  fill(microphone, devices.filter(({ kind }) => kind === "audioinput"), "Microphone");
  fill(speaker, devices.filter(({ kind }) => kind === "audiooutput"), "Loudspeaker");
  speaker.disabled = !("setSinkId" in AudioContext.prototype);
  speaker.title = speaker.disabled ? "This browser does not let pages choose the loudspeaker" : "";
}

function fill(picker: HTMLSelectElement, devices: readonly MediaDeviceInfo[], name: string): void {
  const chosen = picker.value || memory.get(picker.id) || "";
  const named = devices.filter(({ deviceId }) => deviceId && deviceId !== "default");
  picker.replaceChildren(
    new Option("Default", ""),
    ...named.map(({ deviceId, label }, index) => new Option(label || `${name} ${index + 1}`, deviceId)),
  );
  if (named.some(({ deviceId }) => deviceId === chosen)) picker.value = chosen;
}
