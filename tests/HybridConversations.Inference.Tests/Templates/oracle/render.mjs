// Renders cases with @huggingface/jinja: [{template, context, now}] on standard input, [{text} | {error}] on standard output.
// The package is looked for in the folder given as the first argument.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

process.env.TZ = "UTC";
const require = createRequire(join(resolve(process.argv[2]), "package.json"));
const { Template } = require("@huggingface/jinja");
const RealDate = Date;

function render({ template, context, now }) {
  // The oracle asks for the time itself.
  globalThis.Date = class extends RealDate {
    constructor() {
      super(now);
    }
  };
  try {
    return { text: new Template(template).render(context) };
  } catch (error) {
    return { error: String(error.message) };
  } finally {
    globalThis.Date = RealDate;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(render)));
