// Runs the module that is named, with no imports: it can ask for nothing. Its exit code is ours.
import { readFileSync } from "node:fs";
import { exit } from "node:process";

const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const asks = WebAssembly.Module.imports(module);
if (asks.length > 0) {
  console.error("the module asks for", asks);
  exit(255);
}
exit(new WebAssembly.Instance(module, {}).exports.main(0, 0));
