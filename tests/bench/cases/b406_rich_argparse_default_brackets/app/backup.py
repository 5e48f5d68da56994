"""backup: keeps copies of a folder (command line tool)."""
import argparse

from rich_argparse import RawDescriptionRichHelpFormatter, RichHelpFormatter


def parser():
    main = argparse.ArgumentParser("backup", description=__doc__, formatter_class=RichHelpFormatter)
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")

    status = commands.add_parser("status", help="tell the last copies", formatter_class=RichHelpFormatter)
    status.add_argument("--limit", type=int, default=5, help="how many copies to tell (default: %(default)s)")

    prune = commands.add_parser("prune", help="throw old copies away", formatter_class=RichHelpFormatter)
    prune.add_argument("--keep", type=int, default=14, help="days to keep, [b]never[/b] less than 2")
    prune.add_argument("--dry-run", action="store_true", help="only tell what would go")

    restore = commands.add_parser(
        "restore", help="bring a copy back", formatter_class=RawDescriptionRichHelpFormatter,
        description="Bring a copy back.\n\nFiles that are newer stay as they are.",
    )
    restore.add_argument("copy", help="name of the copy")
    restore.add_argument("--target", default="/srv/restored", metavar="DIR", help="where to put it [default: %(default)s]")
    return main


def run(arguments):
    options = parser().parse_args(arguments)
    if options.command == "status":
        return f"{options.limit} copies"
    if options.command == "prune":
        return f"older than {options.keep} days"
    return f"{options.copy} to {options.target}"
