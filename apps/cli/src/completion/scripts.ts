import type { Completion } from './completions-of.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

interface ShellScript {
  /** @param runner run.mjs of the checkout */
  readonly text: (runner: string) => string;
  /** One that the script reads. */
  readonly line: (completion: Completion) => string;
}

/** What each shell needs to ask this program; what there is to know of commands stands in completions-of.ts. */
export const scripts: Readonly<Record<Shell, ShellScript>> = {
  bash: { text: bash, line: ({ value }) => value },
  zsh: {
    text: zsh,
    line: ({ value, description }) => {
      const name = value.replaceAll(':', '\\:');
      return description === '' ? name : `${name}:${description}`;
    },
  },
  fish: {
    text: fish,
    line: ({ value, description }) => (description === '' ? value : `${value}\t${description}`),
  },
};

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

const functionWhereNoneIs = (runner: string): string =>
  `command -v samspill >/dev/null || samspill() { node ${quoted(runner)} apps/cli/src/main.ts "$@"; }`;

function bash(runner: string): string {
  return `# Completion of samspill for bash, made by: samspill completion bash
${functionWhereNoneIs(runner)}
_samspill() {
  # readline takes = : and @ for the end of a word; here they are part of it.
  local rest=\${COMP_LINE:0:COMP_POINT} part i
  local -a words=()
  for ((i = 0; i < COMP_CWORD; i++)); do
    part=\${COMP_WORDS[i]}
    if ((\${#words[@]} > 0)) && [[ $rest == "$part"* ]]; then
      words[\${#words[@]}-1]+=$part
    else
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      words+=("$part")
    fi
    rest=\${rest#"$part"}
  done
  if [[ $rest == [[:space:]]* || \${#words[@]} -eq 0 ]]; then
    words+=("\${rest#"\${rest%%[![:space:]]*}"}")
  else
    words[\${#words[@]}-1]+=$rest
  fi
  local last=\${words[\${#words[@]}-1]} prefix IFS=$'\\n'
  COMPREPLY=($(samspill completion bash -- "\${words[@]:1}" 2>/dev/null </dev/null))
  if [[ \${COMPREPLY[0]} == ':files '* ]]; then
    prefix=\${COMPREPLY[0]#':files '}
    if [[ $last == "$prefix"* ]]; then
      COMPREPLY=($(compgen -P "$prefix" -f -- "\${last#"$prefix"}"))
      compopt -o filenames 2>/dev/null
    else
      COMPREPLY=("$prefix")
      compopt -o nospace 2>/dev/null
    fi
  fi
  # What readline takes for words of their own stands there already; of @ the word begins with it.
  local ends=\${COMP_WORDBREAKS//[[:space:]\\"\\'@]/}
  local there=\${last%"\${last##*[$ends]}"}
  COMPREPLY=("\${COMPREPLY[@]#"$there"}")
}
complete -F _samspill samspill`;
}

function zsh(runner: string): string {
  return `#compdef samspill
# Completion of samspill for zsh, made by: samspill completion zsh
${functionWhereNoneIs(runner)}
_samspill() {
  local -a lines
  local prefix
  lines=("\${(@f)$(samspill completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null </dev/null)}")
  if [[ $lines[1] == ':files '* ]]; then
    prefix=\${lines[1]#':files '}
    if [[ -n $prefix ]] && ! compset -P "$prefix"; then
      compadd -S '' -- "$prefix"
    else
      _files
    fi
  elif [[ -n $lines[1] ]]; then
    _describe samspill lines
  fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _samspill samspill`;
}

function fish(runner: string): string {
  return `# Completion of samspill for fish, made by: samspill completion fish
if not command -q samspill; and not functions -q samspill
    function samspill
        node ${quoted(runner)} apps/cli/src/main.ts $argv
    end
end
function __samspill_complete
    set -l words (commandline -opc)[2..-1]
    set -l last (commandline -ct)
    for line in (samspill completion fish -- $words "$last" 2>/dev/null </dev/null)
        if string match -q ':files *' -- $line
            set -l prefix (string replace ':files ' '' -- $line)
            set -l path (string replace -- "$prefix" '' "$last")
            # What fish completes behind a command that it does not know: files.
            for file in (complete -C "'' $path")
                echo "$prefix$file"
            end
        else
            echo $line
        end
    end
end
complete -c samspill -f -a '(__samspill_complete)'`;
}
