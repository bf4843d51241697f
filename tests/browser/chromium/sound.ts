// The tests of calls and of the audio thread, which share a simulator and browsers: the step in Chromium runs this file.
import "./peers.ts";
import "./calls.ts";
import "./worklets.ts";
