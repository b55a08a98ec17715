// Records what the oracle makes of every family with every conversation, and of every snippet, into ../golden: node record.mjs FOLDER_WITH_THE_PACKAGE
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const data = join(here, "..");
const now = "2026-11-05T09:07:00Z";
const read = name => JSON.parse(readFileSync(join(data, name), "utf8"));
const render = cases => JSON.parse(execFileSync("node", [join(here, "render.mjs"), process.argv[2]], { input: JSON.stringify(cases), maxBuffer: 1 << 28 }));
const write = (name, value) => writeFileSync(join(data, "golden", name), JSON.stringify(value, null, 1) + "\n");

rmSync(join(data, "golden"), { recursive: true, force: true });
(await import("node:fs")).mkdirSync(join(data, "golden"));
const conversations = read("conversations.json");
for (const file of readdirSync(join(data, "families"))) {
  const template = readFileSync(join(data, "families", file), "utf8");
  const names = Object.keys(conversations);
  const results = render(names.map(name => ({ template, context: conversations[name], now })));
  write(file.replace(".jinja", ".json"), Object.fromEntries(names.map((name, at) => [name, results[at]])));
}

const { context, snippets } = read("snippets.json");
const results = render(snippets.map(template => ({ template, context, now })));
write("snippets.json", Object.fromEntries(snippets.map((template, at) => [template, results[at]])));
