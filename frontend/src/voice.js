// A voice note instead of typing: MediaRecorder puts its recording into the file field beside it.
import { word } from "./text.js";

const KINDS = ["audio/mp4", "audio/webm;codecs=opus", "audio/webm", "audio/ogg"];

export function start(root) {
  for (const box of root.querySelectorAll("[data-voice]:not([data-wired])")) {
    box.dataset.wired = "";
    const button = box.querySelector("[data-record]");
    if (!button || !window.MediaRecorder || !navigator.mediaDevices) continue;
    button.hidden = false;
    wire(box, button, box.querySelector("input[type=file]"), box.querySelector("[data-said]"));
  }
}

function wire(box, button, input, said) {
  const limit = Number(box.dataset.seconds || 60);
  const label = button.querySelector("span");
  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder) { recorder.stop(); return; }
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { said.textContent = word("nomicrophone"); return; }
    const kind = KINDS.find((k) => MediaRecorder.isTypeSupported(k));
    recorder = new MediaRecorder(stream, kind ? { mimeType: kind } : {});
    const parts = [];
    const stop = setTimeout(() => recorder && recorder.stop(), limit * 1000);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(stop);
      for (const track of stream.getTracks()) track.stop();
      const type = (recorder.mimeType || "audio/webm").split(";")[0];
      recorder = null;
      label.textContent = word("record");
      const file = new File(parts, `voice.${type === "audio/mp4" ? "m4a" : type.split("/")[1]}`, { type });
      const transfer = new DataTransfer();
      transfer.items.add(file);
      input.files = transfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const player = box.querySelector("audio");
      player.src = URL.createObjectURL(file);
      player.hidden = false;
      said.textContent = word("recorded");
    });
    recorder.start();
    label.textContent = word("stop");
    said.textContent = word("recording");
  });
}
