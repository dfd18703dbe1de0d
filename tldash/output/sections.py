"""Read the lines of one section of a session, such as its agreements."""

from __future__ import annotations

from tldash.formats.yaml import load
from tldash.model.file_roles import is_yaml
from tldash.model.records import Session
from tldash.model.section_names import normalize_heading, section_names
from tldash.output.passage import Passage, PassageKind
from tldash.output.passages import parse_page, parse_passages

SHOWN = (PassageKind.TEXT, PassageKind.ITEM)


def read_section(text: str, session: Session, section: str) -> tuple[str, ...]:
    """Return the paragraphs and list items of a section; none if the file has no such section.

    `section` is one of its names. A section of a YAML session is a list of texts under a key.
    """
    names = section_names(section)
    if is_yaml(session.path):
        data, _ = load.load(text, session.path)
        values = data if isinstance(data, dict) else {}
        found = (value for key, value in values.items() if normalize_heading(str(key)) in names)
        held = next(found, None)
        if isinstance(held, str):
            return tuple(one.text for one in parse_page(held) if one.kind in SHOWN)
        return tuple(str(one) for one in held) if isinstance(held, list) else ()
    lines: list[str] = []
    inside = 0
    for passage in _passages(text, session):
        if passage.kind is PassageKind.HEADING:
            if inside and passage.level > inside:
                continue
            inside = passage.level if normalize_heading(passage.text) in names else 0
        elif inside and passage.kind in SHOWN:
            lines.append(passage.text)
    return tuple(lines)


def _passages(text: str, session: Session) -> tuple[Passage, ...]:
    return parse_passages(text, session.path, (), session)
