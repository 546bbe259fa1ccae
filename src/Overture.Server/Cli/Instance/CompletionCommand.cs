using System.CommandLine;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>
/// The scripts ask the program itself through its [suggest] directive, so they never go stale.
/// </summary>
static class CompletionCommand
{
    const string Bash =
        """
        _overture() {
          local IFS=$'\n'
          local found="$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
          COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _overture overture
        """;

    const string Zsh =
        """
        #compdef overture
        _overture() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a found
        }
        compdef _overture overture
        """;

    const string Fish =
        """
        function __overture_suggest
          set -l line (commandline -cp)
          overture "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -f -c overture -a '(__overture_suggest)'
        """;

    const string Pwsh =
        """
        Register-ArgumentCompleter -Native -CommandName overture -ScriptBlock {
          param($word, $ast, $position)
          overture "[suggest:$position]" "$ast" 2>$null | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }
        """;

    public static Command Build(CliHost host)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        return host.Verb("completion", "Print a completion script for your shell.", [shell], (run, _) =>
        {
            Console.Out.WriteLine(run.Args.GetValue(shell) switch
            {
                "zsh" => Zsh,
                "fish" => Fish,
                "pwsh" => Pwsh,
                _ => Bash,
            });
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
