"""A reader's own files from the command line: ``python -m fulfillment report MAPPING FILES...`` and ``map FILES...``."""

import argparse
import sys

from fulfillment.intake import kpi_report, mapping, proposal, reader


def main(arguments: list[str] | None = None) -> int:
    """Write a report, or propose a mapping; 1 where a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m fulfillment", description="Your own files, read through a mapping."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    report = commands.add_parser("report", help="print the problems of files and every KPI that their columns allow")
    report.add_argument("mapping", help="YAML file that says which column is which")
    report.add_argument("files", nargs="+", help="the files; or one folder")
    propose = commands.add_parser("map", help="print a mapping proposed from the headers of files, as YAML")
    propose.add_argument("files", nargs="+", help="a file of each kind")
    given = parser.parse_args(arguments)
    try:
        if given.command == "map":
            print(proposal.written(given.files), end="")
        else:
            where = given.files[0] if len(given.files) == 1 else given.files
            print(kpi_report.write(reader.read(mapping.load(given.mapping), where)))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
