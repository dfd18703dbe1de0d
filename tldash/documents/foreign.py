"""Keys and values of other tools in front matter, and other names for keys of ours."""

from __future__ import annotations

from typing import Final

FOREIGN_STATUSES: Final = frozenset(
    {
        *("done", "complete", "completed", "finished", "final", "draft", "published", "archived"),
        *("active", "open", "closed", "todo", "new", "ongoing", "pending", "in progress", "wip"),
        *("in-progress", "upcoming", "scheduled", "reviewed", "backlog", "evergreen", "seedling"),
        *("in review", "review", "blocked", "waiting", "on hold", "inactive", "someday", "idea"),
    }
)
"""Values of `status` in other tools' notes, which say nothing about a session being held."""
FOREIGN_KEYS: Final = frozenset(
    {
        # Obsidian and its plugins
        *("aliases", "alias", "tags", "tag", "cssclass", "cssclasses", "publish", "banner", "icon"),
        *("created", "modified", "updated", "uid", "id", "up", "prev", "previous", "parent"),
        *("related", "kanban-plugin", "excalidraw-plugin", "mood", "rating", "source", "area"),
        # Hugo, Jekyll and their kind
        *("layout", "permalink", "category", "categories", "published", "draft", "weight", "slug"),
        *("lastmod", "expirydate", "publishdate", "description", "summary", "keywords", "author"),
        *("authors", "type", "types", "series", "toc", "url", "menu", "outputs", "resources"),
        *(
            "images",
            "image",
            "excerpt",
            "comments",
            "share",
            "collection",
            "nav_order",
            "linktitle",
        ),
        *("markup", "cascade", "subtitle", "lang", "language", "sidebar", "header", "text"),
        # meeting notes
        *("participants", "attendees", "people", "location", "project", "projects", "topics"),
        *("topic", "meeting", "subject", "company", "team", "state", "stage", "template"),
    }
)
"""Keys of well-known tools, which are no misspellings of ours."""
_OTHER_NAMES: Final = {
    **dict.fromkeys(("next_session", "next_meeting", "next_date", "next_1on1"), "next"),
    **dict.fromkeys(("session_date", "meeting_date"), "date"),
}


def other_name(key: str) -> str | None:
    """Return the key that is meant by a longer name for it, such as `next_session`."""
    return _OTHER_NAMES.get(key.casefold().replace("-", "_").replace(" ", "_"))
