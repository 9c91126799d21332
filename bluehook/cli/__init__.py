"""The command line: one file a command, found by name, and one door through which every error leaves."""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
from pathlib import Path

import click

from bluehook import __version__
from bluehook.findings import BluehookError

_USAGE, _UNFORESEEN, _INTERRUPTED = 2, 3, 130


class _Commands(click.Group):
    """Commands are the public modules of this package; only the one that is called is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with the nearest name when there is no such command."""
        if args and args[0] not in self.list_commands(ctx):
            import difflib

            close = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(self.list_commands(ctx))}"
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bluehook", message="%(prog)s %(version)s")
def cli() -> None:
    """Block a commit only for what can be shown.

    Exit status: 0 nothing blocks, 1 something blocks, 2 usage or configuration, 3 not everything was looked at, 130
    interrupted.
    """


def main() -> None:
    """Run the command line and leave with its exit status; never with a traceback for a mistake of the user's."""
    # As after Ctrl-C: leave through every `finally`, so that no engine that we started outlives us.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        sys.exit(cli.main(prog_name="bluehook", standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(_USAGE)
    except click.NoSuchOption as error:
        _say(f"{error.format_message()}{_after_dashes(error.option_name)}", error.ctx)
        sys.exit(_USAGE)
    except click.ClickException as error:
        _say(error.format_message(), getattr(error, "ctx", None))
        sys.exit(_USAGE)
    except BluehookError as error:
        _say(str(error))
        sys.exit(_USAGE)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is left to say to anybody.
        sys.stderr.close()
        sys.exit(_UNFORESEEN)
    except Exception as error:
        _say(f"unforeseen: {type(error).__name__}: {error}\n{_log()}")
        sys.exit(_UNFORESEEN)


def _say(text: str, ctx: click.Context | None = None) -> None:
    click.echo(f"bluehook: {text}".encode(errors="backslashreplace").decode(), err=True)
    if ctx is not None and ctx.command_path:
        click.echo(f"try: {ctx.command_path} --help", err=True)


def _after_dashes(option: str) -> str:
    """The way out where a file is called like an option."""
    letters = option.lstrip("-")
    taken = [argument for argument in sys.argv[1:] if argument.startswith("-") and letters in argument]
    file = next((argument for argument in taken if Path(argument).exists()), None)
    return "" if file is None else f" For the file of that name: -- {file}"


def _log() -> str:
    """Write what happened into a file that can be pasted into an issue; the sentence says where it is."""
    import platform
    import tempfile
    import traceback

    text = f"bluehook {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n"
    try:
        with tempfile.NamedTemporaryFile("w", prefix="bluehook-", suffix=".log", delete=False, errors="replace") as log:
            log.write(text + traceback.format_exc())
    except OSError as error:
        return f"the log could not be written: {error}"
    return f"the whole story is in {log.name}; please report it"
