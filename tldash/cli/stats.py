"""The command that prints figures over time."""

from __future__ import annotations

import shutil
from datetime import date

import click

from tldash.cli.common import (
    Day,
    common,
    current_time,
    find_due_dates,
    find_lead,
    json_option,
    open_folders,
    print_json,
    print_text,
)


@click.command()
@common
@json_option
@click.option(
    "--lead", "name", metavar="LEAD", help="Only for this lead (folder, name or first name)."
)
@click.option("--since", type=Day(), metavar="DATE", help="Only count from DATE on (YYYY-MM-DD).")
def stats(
    folders: tuple[str, ...],
    today: date | None,
    as_json: bool,
    name: str | None,
    since: date | None,
) -> None:
    """Print figures over time: levels, sessions, actions and cadence of each lead.

    Counts only: no text of notes or actions. Leads are not compared. From 100 columns on, the
    levels are a chart with a column for each month.
    """
    from tldash.insight.slipping import find_slipping
    from tldash.insight.trends import find_trends
    from tldash.output.trend_report import LeadStats, format_stats, stats_to_json

    opened, now = open_folders(folders), current_time(today)
    workspace = opened.workspace
    if since is not None and since > now.date():
        raise click.BadParameter(f"{since} is in the future", param_hint="--since")
    due_dates = find_due_dates(opened, now)
    leads = workspace.leads if name is None else (find_lead(workspace.leads, name),)
    found = [
        LeadStats(
            workspace.display_name(lead),
            find_trends(lead, workspace.framework, now, since),
            find_slipping(lead, now, due_dates),
        )
        for lead in leads
        if not lead.is_rest
    ]
    if as_json:
        print_json(stats_to_json(found, since, now.date()))
        return
    print_text(format_stats(found, shutil.get_terminal_size().columns))
