// Runs the module that browsers run over the files beside this one, and compares each verdict with the one that is
// recorded: `verdicts.rs` holds the program to the same. Its argument is the crate's folder.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { argv, exit } from "node:process";

const folder = argv[2];
const bytes = readFileSync(join(folder, "module/verifier.wasm"));
const asks = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
if (asks.length > 0) {
  console.error("the module asks for", asks);
  exit(1);
}
const source = readFileSync(join(folder, "page/judge.js"), "utf8");
const { load } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const judge = await load(bytes);

const files = join(folder, "tests/files");
let wrong = 0;
let tried = 0;
for (const name of readdirSync(files).filter((name) => name.endsWith(".verdict")).sort()) {
  const [first, ...rest] = readFileSync(join(files, name), "utf8").trim().split("\n");
  const [file, register = ""] = first.split(" ");
  const said = JSON.stringify(judge(readFileSync(join(files, file)), register));
  if (said !== JSON.stringify(JSON.parse(rest.join("\n")))) {
    console.error(`${name}: the module says ${said}`);
    wrong += 1;
  }
  tried += 1;
}
console.error(`${tried} verdicts`);
exit(wrong === 0 && tried > 4 ? 0 : 1);
