"""Commands that only read: the dashboard, and output for people and scripts."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import (
    as_of_option,
    common,
    current_time,
    find_due_dates,
    find_lead,
    folder_option,
    json_option,
    make_locator,
    make_path_formatter,
    open_folders,
    print_json,
    print_text,
    today_option,
)

if TYPE_CHECKING:
    from tldash.model.records import Lead, Workspace
    from tldash.workspace.folders import Folders


@click.command("open")
@common
@as_of_option
@click.option("--me", metavar="NAME", help="Your name. A lead's own page opens first.")
@click.option("--read-only", is_flag=True, help="Write nothing and start no editor.")
@click.option("--view", metavar="NAME", help="Open the overview in this saved view.")
def open_(  # noqa: PLR0913, PLR0917 - the contract's options
    folders: tuple[str, ...],
    today: date | None,
    as_of: date | None,
    me: str | None,
    read_only: bool,
    view: str | None,
) -> None:
    """Open the dashboard (the same as tldash FOLDER...).

    Prints `tldash status` instead when piped.
    """
    if not launch.is_terminal():
        print_status(open_folders(folders, as_of), current_time(today or as_of), as_json=False)
        return
    from tldash.model.permissions import FULL_ACCESS, READ_ONLY

    allowed = READ_ONLY if read_only else FULL_ACCESS
    first = launch.FirstScreen(me, view)
    roots = launch.choose_roots(folders)
    launch.open_dashboard(
        roots, today, first=first, allowed=allowed, as_of=as_of, with_private=True
    )


@click.command()
@click.argument("name", metavar="LEAD")
@folder_option
@today_option
@click.option("--me", metavar="NAME", help="Your name.")
def session(name: str, folders: tuple[str, ...], today: date | None, me: str | None) -> None:
    """Hold the session of LEAD: notes, clock, actions and next date on one screen.

    It is today's session, or else the next planned one. Without either, one is created for today.
    """
    lead = find_lead(open_folders(folders).workspace.leads, name)
    if not launch.is_terminal():
        raise click.ClickException("session mode needs a terminal")
    first = launch.FirstScreen(me, holds=lead.id)
    launch.open_dashboard(launch.choose_roots(folders), today, first=first, with_private=True)


@click.command()
@today_option
def demo(today: date | None) -> None:
    """Open the dashboard on a temporary copy of the sample data, with dates shifted to today."""
    from tldash.create.demo import copy_sample_data

    with copy_sample_data(current_time(today).date()) as folder:
        if launch.is_terminal():
            launch.open_dashboard([folder], today, folder.parent / "state")
        else:
            print_status(open_folders((str(folder),)), current_time(today), as_json=False)


@click.command()
@common
@as_of_option
@json_option
def status(folders: tuple[str, ...], today: date | None, as_of: date | None, as_json: bool) -> None:
    """Print one row per lead: who needs attention, and why."""
    print_status(open_folders(folders, as_of), current_time(today or as_of), as_json)


@click.command()
@common
@as_of_option
@json_option
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every task item: also closed ones, topics, markers, goals, blanks and templates.",
)
@click.option("--lead", metavar="LEAD", help="Only for this lead (folder, name or first name).")
@click.option("--owner", metavar="OWNER", help="Only those OWNER does ('coach' for the coach).")
@click.option("--overdue", is_flag=True, help="Only open actions past their due date.")
@click.option("--tag", metavar="TAG", help="Only those with this tag.")
@click.option(
    "--slipping",
    is_flag=True,
    help="Only open actions carried over twice or more, or with a due date moved twice or more.",
)
def actions(  # noqa: PLR0913, PLR0917 - the contract's options
    folders: tuple[str, ...],
    today: date | None,
    as_of: date | None,
    as_json: bool,
    everything: bool,
    lead: str | None,
    owner: str | None,
    overdue: bool,
    tag: str | None,
    slipping: bool,
) -> None:
    """Print open actions, or with --all every task item in the files.

    Those of paused and ended leads are printed with --all or --lead only.
    """
    from tldash.insight.actions import ActionFilter, iter_task_items, sort_key
    from tldash.insight.phase import is_active
    from tldash.model.records import ItemKind

    opened = open_folders(folders, as_of)
    now = current_time(today or as_of)
    day = now.date()
    wanted = ActionFilter(lead, owner, tag, overdue, everything)
    found = [
        (someone, item)
        for someone in (*opened.workspace.leads, *opened.workspace.unlisted)
        if everything or lead is not None or is_active(someone)
        for item in iter_task_items(someone)
        if (everything or item.kind is ItemKind.ACTION) and wanted.matches(item, someone, day)
    ]
    if slipping:
        from tldash.insight.slipping import find_slipping

        due_dates = find_due_dates(opened, now)
        slips = {
            id(slip.action.task)
            for someone in {id(lead): lead for lead, _ in found}.values()
            for slip in find_slipping(someone, now, due_dates)
        }
        found = [pair for pair in found if id(pair[1].task) in slips]
    found.sort(key=lambda pair: sort_key(pair[1]))
    if as_json:
        from tldash.output.json_export import task_to_json

        locate = make_locator(opened)
        print_json([task_to_json(item, someone, now, locate) for someone, item in found])
        return
    from tldash.output import report

    place = make_path_formatter(opened)
    print_text(report.format_actions(found, day, place))


@click.command()
@common
@as_of_option
@json_option
@click.option("--lead", metavar="LEAD", help="Only for this lead (folder, name or first name).")
def sessions(
    folders: tuple[str, ...],
    today: date | None,
    as_of: date | None,
    as_json: bool,
    lead: str | None,
) -> None:
    """Print sessions by date."""
    from tldash.insight.actions import matches_lead
    from tldash.model.dates import format_local

    opened = open_folders(folders, as_of)
    leads = [one for one in opened.workspace.leads if lead is None or matches_lead(one, lead)]
    now = current_time(today or as_of)
    found = sorted(
        (session for one in leads for session in one.sessions),
        key=lambda session: (format_local(session.at, now), session.path),
    )
    if as_json:
        from tldash.output.json_export import session_to_json

        locate = make_locator(opened)
        print_json([session_to_json(session, now, locate) for session in found])
        return
    from tldash.output import report

    print_text(report.format_sessions(found, {one.id: one.name for one in leads}, now))


@click.command("brief")
@click.argument("name", metavar="LEAD")
@folder_option
@today_option
@as_of_option
def brief_(name: str, folders: tuple[str, ...], today: date | None, as_of: date | None) -> None:
    """Print Markdown for preparing the next session with LEAD.

    LEAD is a folder, name or first name. Exits 1 if there is no such lead.
    """
    from tldash.formats.text import NotText
    from tldash.insight.schedule import find_last_session
    from tldash.output.brief import (
        NO_OUTCOME,
        BriefReader,
        build_brief,
        extract_last,
        format_brief,
    )
    from tldash.storage.safe_open import Unreadable

    opened = open_folders(folders, as_of)
    workspace, now = opened.workspace, current_time(today or as_of)
    lead = find_lead(workspace.leads, name)
    last, outcome = find_last_session(lead, now), NO_OUTCOME
    if last is not None:
        with suppress(Unreadable, NotText):
            outcome = extract_last(last, opened.read_text(last.path))
    brief = build_brief(lead, workspace.framework, BriefReader(now), outcome)
    click.echo(format_brief(brief), nl=False)


@click.command("story")
@click.argument("name", metavar="LEAD")
@folder_option
@today_option
@as_of_option
def story_(name: str, folders: tuple[str, ...], today: date | None, as_of: date | None) -> None:
    """Print LEAD's own page as Markdown: goals, growth, achievements and own words.

    LEAD is a folder, name or first name. Exits 1 if there is no such lead.
    """
    from tldash.formats.text import NotText
    from tldash.insight.schedule import find_held_sessions
    from tldash.model.item_keys import iter_tasks
    from tldash.output.passages import parse_passages
    from tldash.output.story import find_quotes, format_story
    from tldash.storage.safe_open import Unreadable

    opened = open_folders(folders, as_of)
    lead, now = find_lead(opened.workspace.leads, name), current_time(today or as_of)
    quotes = {}
    for session in find_held_sessions(lead, now):
        tasks = [task for task in iter_tasks(lead) if task.path == session.path]
        with suppress(Unreadable, NotText):  # it is among the problems
            text = opened.read_text(session.path)
            passages = parse_passages(text, session.path, tasks, session)
            quotes[session.place] = find_quotes(passages)
    click.echo(format_story(lead, opened.workspace.framework, now, quotes), nl=False)


@click.command("schema")
@click.argument("name", metavar="NAME")
def schema_(name: str) -> None:
    """Print the JSON Schema of a file kind, for editors.

    NAME is lead, session, skills, framework or config.
    """
    from tldash.documents.json_schema import build_schema

    try:
        print_json(build_schema(name))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@click.command("help")
@click.argument("page", metavar="[PAGE]", default="start")
def help_(page: str) -> None:
    """Print a page of the manual: start, format, commands, problems or files."""
    from tldash import manual

    if page not in manual.NAMES:
        raise click.UsageError(f"there is no page '{page}'; choose from {', '.join(manual.NAMES)}")
    click.echo_via_pager(manual.page(page)) if launch.is_terminal() else click.echo(
        manual.page(page)
    )


def print_status(opened: Folders, now: datetime, as_json: bool) -> None:
    from tldash.insight.attention import sort_by_urgency

    workspace: Workspace = opened.workspace
    leads: tuple[Lead, ...] = sort_by_urgency(workspace.leads, now)
    if as_json:
        from tldash.output.json_export import lead_to_json

        print_json([lead_to_json(lead, workspace.framework, now) for lead in leads])
    else:
        from tldash.output import hints
        from tldash.output.status import format_status

        how_to_add = hints.new_lead_command(opened.roots[0], Path.cwd())
        print_text(format_status(leads, workspace.framework, now, how_to_add))
