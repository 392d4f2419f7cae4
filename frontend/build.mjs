// Builds the style sheet, the scripts and the icon sprite into Linli's static files.
// Run by build.py (or `npm run build` after `npm ci`).
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../linli/interfaces/web/static/linli/build");
const testAssets = join(here, "../linli/interfaces/web/tests/build");
const modules = join(here, "node_modules");
// The floor of the browsers: Windows 7's last Chrome is 109, 信创 browsers lag further, old iPhones stop at 14.
const target = ["chrome87", "safari14.1"];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const manifest = {};

/** Compresses a file ahead: the server sends what stands beside it. */
function pack(name) {
  const bytes = readFileSync(join(out, name));
  const small = gzipSync(bytes, { level: 9 });
  writeFileSync(join(out, `${name}.gz`), small);
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes));
  console.log(`${relative(join(here, ".."), join(out, name))}  ${bytes.length} bytes, ${small.length} gzipped`);
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").map((l) => l.replace(/#.*/, "").trim()).filter(Boolean);
  const symbols = [...new Set(names)].sort().map((name) => {
    const svg = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none"[^>]*\/>/g, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  const text = `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT, (c) Paweł Kuna -->${symbols.join("")}</svg>\n`;
  const name = `icons-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.svg`;
  writeFileSync(join(out, name), text);
  pack(name);
  manifest["icons.svg"] = name;
}

function styles() {
  const bootstrap = sass.compile(join(here, "src/css/bootstrap.scss"), {
    loadPaths: [modules], quietDeps: true, logger: sass.Logger.silent, style: "expanded",
  });
  writeFileSync(join(out, "_bootstrap.css"), bootstrap.css);
}

async function bundle() {
  const result = await build({
    entryPoints: { app: join(here, "src/app.js"), alpine: join(here, "src/alpine.js"), field: join(here, "src/field.js"), linli: join(here, "src/css/linli.css") },
    bundle: true, splitting: true, format: "esm", minify: true, target, outdir: out, metafile: true,
    entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
    loader: { ".png": "dataurl", ".svg": "dataurl" }, legalComments: "linked", sourcemap: false,
    alias: { "linli-bootstrap": join(out, "_bootstrap.css") }, logLevel: "warning",
  });
  rmSync(join(out, "_bootstrap.css"));
  offline(result.metafile.outputs);
  for (const [file, info] of Object.entries(result.metafile.outputs)) {
    const name = basename(file);
    if (info.entryPoint) manifest[`${info.entryPoint.endsWith(".css") ? "linli.css" : basename(info.entryPoint)}`] = name;
    if (!/\.(js|css)$/.test(name)) continue;
    pack(name);
  }
}

/** Writes which files the app of those on foot needs without reception: its own, and all that they may ask for. */
function offline(outputs) {
  const needed = new Set();
  const add = (file) => {
    if (needed.has(file) || !outputs[file]) return;
    needed.add(file);
    for (const { path, external } of outputs[file].imports) if (!external) add(path);
  };
  for (const [file, info] of Object.entries(outputs)) if (/src\/(field\.js|css\/linli\.css)$/.test(info.entryPoint || "")) add(file);
  const names = [...needed].map((file) => basename(file)).filter((name) => /\.(js|css)$/.test(name));
  writeFileSync(join(out, "offline.json"), `${JSON.stringify([...names, manifest["icons.svg"]].sort())}\n`);
}

sprite();
styles();
await bundle();
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
mkdirSync(testAssets, { recursive: true });
copyFileSync(join(modules, "axe-core/axe.min.js"), join(testAssets, "axe.min.js"));
copyFileSync(join(modules, "axe-core/locales/zh_CN.json"), join(testAssets, "axe.zh_CN.json"));
