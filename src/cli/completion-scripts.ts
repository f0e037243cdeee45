/**
 * What each shell is told of completing `rpcgen`: to ask `rpcgen completion SHELL -- WORDS`, with the words up to the
 * cursor. The answer has a line for each word that may stand there, with what it is behind a tab; and `:files .idl` or
 * `:folders` where the shell is to look for these itself. Nothing of the command line is evaluated.
 */

/**
 * The words are taken from the line, for bash has cut them at characters such as `=` and `@`; what it has cut off in front of
 * the cursor (`$2` is the rest) it must not be given again. Needs neither bash-completion nor more than bash 3.2, which macOS has.
 */
const bash = `# bash completion for rpcgen
_rpcgen() {
  local line=\${COMP_LINE:0:COMP_POINT} words word answer says
  read -ra words <<< "$line"
  [[ $line == *[[:blank:]] ]] && words+=("")
  word=\${words[\${#words[@]} - 1]}
  COMPREPLY=()
  while IFS=$'\\t' read -r answer says; do
    case $answer in
      ":files "*) _rpcgen_files "$2" -f -X "!*\${answer#:files }" ;;
      :folders) _rpcgen_files "$2" ;;
      *) COMPREPLY+=("\${answer#"\${word%"$2"}"}") ;;
    esac
  done < <("$1" completion bash -- "\${words[@]:1}" 2> /dev/null)
}
_rpcgen_files() {
  local file word=$1
  shift
  compopt -o filenames 2> /dev/null
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -d -- "$word"; (($#)) && compgen "$@" -- "$word")
}
complete -F _rpcgen rpcgen
`;

const zsh = `#compdef rpcgen
# zsh completion for rpcgen
_rpcgen() {
  local line ending
  local -a found
  for line in "\${(@f)$(\${(Q)words[1]} completion zsh -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
      (":files "*) ending=\${line#:files } ;;
      (:folders) ending=/ ;;
      (?*) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#found )) && _describe rpcgen found
  (( $+ending )) || return
  compset -P '--*='
  if [[ $ending == / ]]; then _files -/; else _files -g "*$ending(-.)"; fi
}
if [[ $funcstack[1] == _rpcgen ]]; then _rpcgen "$@"; else compdef _rpcgen rpcgen; fi
`;

const fish = `# fish completion for rpcgen
function __rpcgen_complete
    set -l before (commandline -opc)
    set -l word (commandline -ct)
    set -l option (string match -r -- '^--[^=]*=' "$word")
    for line in ($before[1] completion fish -- $before[2..-1] "$word" 2> /dev/null)
        set -l ending
        switch $line
            case ':files *'
                set ending (string escape --style=regex -- (string replace ':files ' '' -- $line)) /
            case :folders
                set ending /
            case '*'
                echo $line
                continue
        end
        for file in (complete -C "__rpcgen_no_command "(string replace -- "$option" '' "$word"))
            string match -q -r -- '('(string join '|' $ending)')$' $file; and echo "$option$file"
        end
    end
end
complete -c rpcgen -f -a '(__rpcgen_complete)'
`;

export const SCRIPTS: Readonly<Record<"bash" | "zsh" | "fish", string>> = { bash, zsh, fish };
