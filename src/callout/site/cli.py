"""The command line. Django is loaded only by the commands that need it, so that the others start at once."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from callout import __version__
from callout.server import paths
from callout.server.errors import ServerProblem
from callout.ui import clock

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit with its status: 0 done, 1 refused or something is wrong, 2 wrong usage."""
    chosen = _parser().parse_args(arguments)
    try:
        status = chosen.run(chosen)
    except ServerProblem as problem:
        print(problem.what, problem.mend, file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # `callout … | head` closed the other end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callout", description="Calls, work orders, planning and billing.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("up", _up, "start everything: database, web, worker; Ctrl-C ends all of it")
    demo = add("demo", _demo, "fill an empty installation with the demo company")
    demo.add_argument("--if-empty", action="store_true", help="do nothing, and do not complain, when it is not empty")
    install = add("install", _install, "make the first administrator of an empty installation")
    install.add_argument("--quiet", action="store_true", help="leave the first-access code to `callout up`")
    code = add("code", _code, "make a new first-access code for somebody who cannot get in any more")
    code.add_argument("user", help="the user name")
    imports = add("import", _import, "take in a file; exit status 1 when a row was refused")
    imports.add_argument("kind", help="customers, sites, contacts, assets, products or tickets")
    imports.add_argument("file", type=Path)
    imports.add_argument("--mapping", help="a named mapping; without one the columns' names decide", metavar="NAME")
    imports.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    token = add("token", _token, "make an API token and print it; it is shown this once")
    token.add_argument("name", help="what the token is for")
    token.add_argument("--user", default="", help="whose rights it has (default: the first administrator)")
    backup = add("backup", _backup, "write database and files into one archive")
    backup.add_argument("file", type=Path)
    restore = add("restore", _restore, "put a backup in the place of what is there")
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="even when the installation holds something")
    add("doctor", _doctor, "what is configured, what is wrong, how to mend it")
    add("migrate", _migrate, "bring the database up to date; `up` and other commands do this by themselves")
    add("worker", _worker, "run the jobs of the queue; `up` does this by itself")
    return parser


@contextmanager
def _application() -> Iterator[None]:
    """Django on the installation's database, which is started for as long as the command takes if need be.

    What the block refuses, or the database, is told in one line: ServerProblem.
    """
    from callout.server import clients
    from callout.server.embedded import database

    with database(paths.var_dir(), lambda text: print(text, file=sys.stderr)) as url:
        os.environ["DATABASE_URL"] = url
        clients.server_major(url)  # says what is wrong with a company's own database
        _django()
        _bring_up_to_date(url)
        with _in_words():
            yield


@contextmanager
def _in_words() -> Iterator[None]:
    from django.db import DatabaseError, InterfaceError

    from callout.core.errors import DomainError
    from callout.ui.refusals import explain

    try:
        yield
    except DomainError as error:
        raise ServerProblem(explain(error).text) from error
    except (DatabaseError, InterfaceError) as error:
        first_line = str(error).partition("\n")[0]
        raise ServerProblem(f"The database refused: {first_line}", "`callout doctor` looks for the cause.") from error


def _bring_up_to_date(url: str) -> None:
    """A command may be the first thing that ever happens to a database."""
    from django.core.management import call_command

    from callout.server import schema

    with schema.exclusively(url):
        call_command("migrate", interactive=False, verbosity=0)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callout.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()


def _up(chosen: argparse.Namespace) -> int:
    from callout.server.supervisor import up

    return up()


def _demo(chosen: argparse.Namespace) -> int:
    with _application():
        from callout.site.demo.fill import fill

        if fill(clock.now(), paths.var_dir()):
            print("The demo company is ready.")
            return 0
    if chosen.if_empty:
        return 0
    print("There are people in this installation already; the demo company needs an empty one.", file=sys.stderr)
    return 1


def _install(chosen: argparse.Namespace) -> int:
    with _application():
        from callout.site.install import install

        code = install(clock.now(), paths.var_dir())
    if not code:
        print("This installation has people already; `callout code USER` lets one of them in again.")
    elif not chosen.quiet:
        print(f"First access of the administrator: sign in with {code} as user name and as password.")
    return 0


def _code(chosen: argparse.Namespace) -> int:
    with _application():
        from callout.site.install import new_code

        code = new_code(chosen.user, clock.now())
        if not code:
            raise ServerProblem(f"There is nobody called “{chosen.user}”.")
    print(code)
    return 0


def _import(chosen: argparse.Namespace) -> int:
    with _application():
        from callout.imports.commandline import run
        from callout.site.people import administrator

        return run(chosen.kind, chosen.file, chosen.mapping, chosen.dry_run, administrator())


def _token(chosen: argparse.Namespace) -> int:
    with _application():
        from callout.site.people import make_token

        secret, problem = make_token(chosen.name, chosen.user, clock.now())
    print(secret or problem, file=sys.stdout if secret else sys.stderr)
    return 0 if secret else 1


def _backup(chosen: argparse.Namespace) -> int:
    from callout.server.backup import backup

    backup(chosen.file, now=clock.now())
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    from callout.server.backup import restore

    restore(chosen.file, replace=chosen.replace)
    return 0


def _doctor(chosen: argparse.Namespace) -> int:
    from callout.server.doctor import doctor

    return doctor()


def _migrate(chosen: argparse.Namespace) -> int:
    with _application():
        print("The database is up to date.")
    return 0


def _worker(chosen: argparse.Namespace) -> int:
    _django()
    from callout.jobs.worker import run

    run()
    return 0
