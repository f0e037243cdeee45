/** `rpcgen completion`: the script that makes a shell complete the command line, and what that asks when it does. */
import { closest, didYouMean } from "../../diagnostics/did-you-mean.js";
import { ExitCode } from "../exit-codes.js";
import type { Verb } from "../verb.js";

const SHELLS = ["bash", "zsh", "fish"] as const;

export const completion: Verb = {
  name: "completion",
  summary: "print what makes bash, zsh or fish complete commands, options and names",
  operands: [
    ["<shell>", `${SHELLS.join(", ")}; save what is printed where the shell looks for completions, or source it from its start-up file`, () => ({ words: SHELLS.map((value) => ({ value })) })],
    ["[words...]", "the words up to the cursor, behind --: prints what may stand there, which is how the script asks"],
  ],
  options: () => [],
  examples: [
    ["completion bash > ~/.local/share/bash-completion/completions/rpcgen", "or: source <(rpcgen completion bash) in ~/.bashrc"],
    ['completion zsh > "${fpath[1]}/_rpcgen"', "or: source <(rpcgen completion zsh) in ~/.zshrc, behind compinit"],
    ["completion fish > ~/.config/fish/completions/rpcgen.fish", "or: rpcgen completion fish | source in config.fish"],
  ],
  async run({ operands: [asked = "", ...words], host, complete }) {
    const shell = SHELLS.find((each) => each === asked);
    if (shell === undefined) {
      host.stderr.write(`error: there is no completion for the shell "${asked}"\n  help: ${didYouMean(closest(asked, SHELLS)) ?? `there are ${SHELLS.join(", ")}`}\n`);
      return ExitCode.USAGE;
    }
    if (words.length === 0) {
      const { SCRIPTS } = await import("../completion-scripts.js");
      host.stdout.write(SCRIPTS[shell]);
      return ExitCode.OK;
    }
    const { words: found = [], files, folders } = await complete(words);
    const directives = [...(files === undefined ? [] : [`:files ${files}`]), ...(folders ? [":folders"] : [])];
    const lines = [...found.map(({ value, says }) => (says === undefined ? value : `${value}\t${says}`)), ...directives];
    host.stdout.write(lines.map((line) => `${line}\n`).join(""));
    return ExitCode.OK;
  },
};
