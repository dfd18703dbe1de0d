"""The palette that opens, saves, deletes and restores views of the overview.

A deleted view can be restored until the dashboard is closed: it is the first entry.
"""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tldash.insight.overview import Grouping, SortOrder, View
from tldash.tui.keys.commands import VIEWS
from tldash.tui.palettes.palette import Palette
from tldash.tui.screens.messages import CheckViews, ShowNotice
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.page import Page
from tldash.tui.style.text import LATE, words
from tldash.user import saved_views
from tldash.user.paths import views_file

LAST = 0.001
"""The score of saving, below that of every view that matches."""
DELETE = "delete a view…"


class _Views(Provider):
    """Reads the views, and deletes one."""

    async def startup(self) -> None:
        """Read the views when the palette opens."""
        self._views = saved_views.load(views_file())

    def _may_save(self) -> bool:
        """Whether the viewer may save views."""
        state = self.screen.state if isinstance(self.screen, Page) else None
        return state is not None and state.allowed.can_remember

    def _notify(self, sentence: str, *, bad: bool = True) -> None:
        self.screen.post_message(ShowNotice(sentence, bad=bad))

    def _check(self) -> None:
        self.screen.post_message(CheckViews())

    def _delete(self, name: str) -> None:
        if not isinstance(self.screen, OverviewPage):
            return
        done = saved_views.delete(name, views_file())
        if isinstance(done, str):
            self._notify(done)
        else:
            self.screen.deleted = done
            state = self.screen.state
            key = state.key_of(VIEWS) if state is not None else ""
            self._notify(f"deleted “{name}”; {key} can restore it", bad=False)
        self._check()


class ViewProvider(_Views):
    """The views; then an entry that saves the current view under the text typed."""

    async def startup(self) -> None:
        """Read the views, and list the problems of their file."""
        await super().startup()
        self._check()

    async def discover(self) -> Hits:
        """Yield the problems of the file, then every view, before anything is typed."""
        for trouble in self._views.troubles:
            show_problem = partial(self._notify, trouble)
            yield DiscoveryHit(words(f"✗ {trouble}", LATE), show_problem, text=trouble)
        deleted = self.screen.deleted if isinstance(self.screen, OverviewPage) else None
        if deleted is not None:
            shown = words(f"restore “{deleted.name}”")
            put_back = partial(self._put_back, deleted)
            yield DiscoveryHit(
                _entry(shown, describe_view(deleted.view)), put_back, text=shown.plain
            )
        for name, view in self._views.all.items():
            show = partial(self._show, view)
            yield DiscoveryHit(_entry(words(name), describe_view(view)), show, text=name)
        if self._views.own and self._may_save():
            yield DiscoveryHit(words(DELETE), self._which, text=DELETE)

    async def search(self, query: str) -> Hits:
        """Yield the views that match."""
        matcher = self.matcher(query)
        for name, view in self._views.all.items():
            score = matcher.match(name)
            if score > 0:
                show = partial(self._show, view)
                yield Hit(score, _entry(words(name), describe_view(view)), show, text=name)
        name = " ".join(query.split())
        if name and isinstance(self.screen, OverviewPage) and self._may_save():
            own = name in self._views.own
            shown = words(f"save the current view {'over' if own else 'as'} “{name}”")
            entry = _entry(shown, describe_view(self.screen.view))
            yield Hit(LAST, entry, partial(self._save, name), text=shown.plain)
            if own:
                shown = words(f"delete “{name}”")
                yield Hit(LAST / 2, shown, partial(self._delete, name), text=shown.plain)

    def _show(self, view: View) -> None:
        if isinstance(self.screen, OverviewPage):
            self.screen.show_view(view)

    def _save(self, name: str) -> None:
        if isinstance(self.screen, OverviewPage):
            file = views_file()
            trouble = saved_views.save(name, self.screen.view, file)
            self._notify(trouble or f"saved as “{name}” in {file}", bad=bool(trouble))
            self._check()

    def _which(self) -> None:
        self.app.push_screen(Palette(providers=[DeleteProvider], placeholder="the view to delete"))

    def _put_back(self, deleted: saved_views.DeletedView) -> None:
        trouble = saved_views.restore(deleted, views_file())
        if not trouble and isinstance(self.screen, OverviewPage):
            self.screen.deleted = None
        self._notify(trouble or f"restored “{deleted.name}”", bad=bool(trouble))
        self._check()


class DeleteProvider(_Views):
    """The viewer's own views, to delete one."""

    async def discover(self) -> Hits:
        """Yield every view, before anything is typed."""
        for name, view in self._views.own.items():
            delete = partial(self._delete, name)
            yield DiscoveryHit(
                _entry(words(f"delete “{name}”"), describe_view(view)), delete, text=name
            )

    async def search(self, query: str) -> Hits:
        """Yield the views that match."""
        matcher = self.matcher(query)
        for name, view in self._views.own.items():
            score = matcher.match(name)
            if score > 0:
                delete = partial(self._delete, name)
                yield Hit(
                    score, _entry(words(f"delete “{name}”"), describe_view(view)), delete, text=name
                )


def _entry(what: Content, help_: Content) -> Content:
    """Return a line and a muted one below. Textual's `help` would parse the text as markup."""
    return Content.assemble(what, "\n", help_.stylize("dim not bold"))


def describe_view(view: View) -> Content:
    """Describe a view: its filter, order and groups."""
    parts = [view.filter or "every lead"]
    if view.sort is not SortOrder.NEED:
        parts.append(f"sorted by {view.sort}")
    if view.group is Grouping.NONE:
        parts.append("not grouped")
    elif view.group is not None:
        parts.append(f"by {view.group}")
    return words(" · ".join(parts))


def palette() -> Palette:
    """Return the palette."""
    return Palette(providers=[ViewProvider], placeholder="a view, or a name for the current view")
