"""The command that finds words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import (
    as_of_option,
    folder_option,
    json_option,
    make_locator,
    make_path_formatter,
    print_json,
    print_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tldash.model.places import Place


@click.command()
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@folder_option
@as_of_option
@json_option
def search(
    words: tuple[str, ...], folders: tuple[str, ...], as_of: date | None, as_json: bool
) -> None:
    """Print each place with all of WORDS, in any order: path, line, column, kind, lead and text.

    Case and accents do not matter. The fields are separated by tabs. Exits 1 if there is none.
    """
    from tldash.model.word_search import parse_query

    query = parse_query(words)
    if not query.words:
        raise click.UsageError("type the words to search for")
    opened = launch.open_or_exit(launch.choose_roots(folders), as_of=as_of)
    found = launch.search_or_exit(opened, query)
    if as_json:
        locate = make_locator(opened)
        print_json([_to_json(place, *locate(place.path)) for place in found])
    elif found:
        print_lines(_format(found, make_path_formatter(opened)))
    sys.exit(0 if found else 1)


def _format(places: list[Place], show: Callable[[str], str]) -> Iterator[str]:
    """Yield the line for each place. `show` returns the path to print for that of a place."""
    from tldash.model.sanitize import sanitize

    path = before = lead = ""
    for place in places:
        if place.path != path:
            path = place.path
            before, lead = sanitize(show(path)), sanitize(place.lead)
        at, text = f"{place.line}\t{place.column}", sanitize(place.text)
        yield "\t".join((before, at, place.kind, lead, text))


def _to_json(place: Place, folder: str, inside: str) -> dict[str, object]:
    return {
        "folder": folder,
        "path": inside,
        "line": place.line,
        "column": place.column,
        "kind": place.kind,
        "lead": place.lead,
        "text": place.text,
    }
