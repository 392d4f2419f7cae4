// Photos are made smaller before they are sent; the canvas drops EXIF (and with it the place) and turns them upright.
import { word } from "./text.js";

const LONGEST = 1920;

/** Returns `file` as a JPEG of at most 1920 px; the file itself where it is no photo or cannot be read. */
export async function shrink(file, longest = LONGEST, quality = 0.82) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified }) : file;
  } catch {
    return file;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function show(input, list) {
  list.replaceChildren();
  for (const file of input.files) {
    const item = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const image = document.createElement("img");
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      item.append(image);
    }
    item.append(document.createTextNode(`${file.name.slice(0, 18)}（${Math.max(1, Math.round(file.size / 1024))} KB）`));
    list.append(item);
  }
}

export function start(root) {
  for (const input of root.querySelectorAll("input[type=file][data-shrink]:not([data-wired])")) {
    input.dataset.wired = "";
    const list = document.createElement("ul");
    list.className = "filelist";
    list.setAttribute("aria-label", word("chosen"));
    input.closest(".filebutton").after(list);
    input.addEventListener("change", async () => {
      const limit = Number(input.dataset.limit || 9);
      const smaller = await Promise.all([...input.files].slice(0, limit).map((file) => shrink(file)));
      const transfer = new DataTransfer();
      for (const file of smaller) transfer.items.add(file);
      input.files = transfer.files;
      show(input, list);
    });
  }
}
