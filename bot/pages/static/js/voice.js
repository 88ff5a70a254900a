// Records a voice message where the browser can; elsewhere the button stays hidden.
import { words } from "./boot.js";
import { byId } from "./dom.js";
import { base64 } from "./picture.js";

const LONGEST = 180; // seconds
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

const time = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export function offerVoice(composer) {
  if (!window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return;
  const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  if (!type) return;
  const start = byId("tool-voice");
  start.hidden = false;
  start.addEventListener("click", async () => {
    start.disabled = true;
    try {
      await record(composer, type);
    } catch {
      composer.tell(words.no_microphone);
    } finally {
      start.disabled = false;
      start.focus();
    }
  });
}

/** Ends when the recording is sent or discarded. */
async function record(composer, type) {
  const { send } = composer.bound();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24_000 });
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  const { kept, seconds } = await choice();
  recorder.stop();
  await stopped;
  for (const track of stream.getTracks()) track.stop();
  if (!kept || !pieces.length) return;
  const name = type.includes("mp4") ? "voice.m4a" : type.includes("ogg") ? "voice.ogg" : "voice.webm";
  send({ media: [{ kind: "voice", name, data_base64: await base64(new Blob(pieces, { type })) }] }, { kind: "voice", length: time(seconds) });
}

function choice() {
  const panel = byId("recorder");
  const writing = document.querySelector(".write");
  let seconds = 0;
  byId("clock").textContent = time(0);
  panel.hidden = false;
  writing.hidden = true;
  byId("record-send").focus();
  return new Promise((resolve) => {
    const end = (kept) => {
      clearInterval(ticking);
      panel.hidden = true;
      byId("clock").textContent = time(0);
      writing.hidden = false;
      resolve({ kept, seconds });
    };
    const ticking = setInterval(() => {
      seconds += 1;
      byId("clock").textContent = time(seconds);
      if (seconds >= LONGEST) end(true);
    }, 1000);
    byId("record-send").onclick = () => end(true);
    byId("record-cancel").onclick = () => end(false);
  });
}
