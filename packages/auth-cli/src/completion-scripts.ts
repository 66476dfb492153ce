/** The scripts that have a shell ask `vendor-auth completion words` for what can stand where the cursor is. Where that says nothing, they offer files. */
export const completionScripts: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  bash: `_vendor_auth() {
  local IFS=$'\\n'
  COMPREPLY=($(vendor-auth completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _vendor_auth vendor-auth`,
  zsh: `#compdef vendor-auth
_vendor_auth() {
  local -a found
  found=("\${(@f)$(vendor-auth completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -z "\${found[1]}" ]]; then
    _files
  else
    found=("\${(@)found/$'\\t'/:}")
    _describe vendor-auth found
  fi
}
compdef _vendor_auth vendor-auth`,
  fish: `function __vendor_auth_words
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l found (vendor-auth completion words -- $before[2..] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c vendor-auth -f -a '(__vendor_auth_words)'`,
};
