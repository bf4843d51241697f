// The tests of the demo pages, which share a demo and a browser: the step in Chromium runs this file.
import "./page_states.ts";
import "./page.ts";
