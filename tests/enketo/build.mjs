// Bundles client.js with Enketo's engine into build/client.js.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const core = join(here, "node_modules/enketo-core");
const own = { config: "config.js", widgets: "src/js/widgets.js", translator: "src/js/fake-translator.js",
  dialog: "src/js/fake-dialog.js", "file-manager": "src/js/file-manager.js",
  "xpath-evaluator-binding": "src/js/xpath-evaluator-binding.js" };
await build({
  entryPoints: [join(here, "client.js")], bundle: true, format: "iife", outfile: join(here, "build/client.js"),
  alias: Object.fromEntries(Object.entries(own).map(([name, file]) => [`enketo/${name}`, join(core, file)])),
  loader: { ".png": "dataurl", ".svg": "dataurl", ".gif": "dataurl" }, logLevel: "error", external: ["libxslt"], define: { global: "window" },
});
