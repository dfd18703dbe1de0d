"""Choosing a view of the overview by its name, and giving one to what is shown now."""

from __future__ import annotations

from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tldash import views
from tldash.insight.arranging import Parting, Sorting, View
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.page import Page
from tldash.tui.text import LATE, words

LAST = 0.001
"""The score of saving, below that of every view whose name has the letters typed."""


class ViewProvider(Provider):
    """The views, and at the end a way to save what is shown under the words typed."""

    async def startup(self) -> None:
        """Read them once for each opening."""
        self._views = views.load(views.views_file())

    async def discover(self) -> Hits:
        """All of them, before anything is typed; first what is wrong with the file."""
        for trouble in self._views.troubles:
            tell = partial(self._tell, trouble)
            yield DiscoveryHit(words(f"✗ {trouble}", LATE), tell, text=trouble)
        for name, view in self._views.all.items():
            show = partial(self._show, view)
            yield DiscoveryHit(words(name), show, text=name, help=said(view).plain)

    async def search(self, query: str) -> Hits:
        """Those whose names have the letters."""
        matcher = self.matcher(query)
        for name, view in self._views.all.items():
            score = matcher.match(name)
            if score > 0:
                show = partial(self._show, view)
                yield Hit(score, words(name), show, text=name, help=said(view).plain)
        name = " ".join(query.split())
        if name and isinstance(self.screen, OverviewPage) and self._may_save():
            what = "save what is shown in place of" if name in self._views.own else "save it as"
            shown = words(f"{what} “{name}”")
            help_ = said(self.screen.view).plain
            yield Hit(LAST, shown, partial(self._save, name), text=shown.plain, help=help_)

    def _may_save(self) -> bool:
        """Whether anything of this dashboard may be kept."""
        state = self.screen.state if isinstance(self.screen, Page) else None
        return state is not None and state.allowed.remembering

    def _show(self, view: View) -> None:
        if isinstance(self.screen, OverviewPage):
            self.screen.show_view(view)

    def _save(self, name: str) -> None:
        if isinstance(self.screen, OverviewPage):
            file = views.views_file()
            trouble = views.save(name, self.screen.view, file)
            self._tell(trouble or f"saved as “{name}” in {file}", bad=bool(trouble))

    def _tell(self, sentence: str, *, bad: bool = True) -> None:
        self.screen.post_message(Page.WantsNotice(sentence, bad=bad))


def said(view: View) -> Content:
    """A view in words."""
    parts = [view.filter or "every lead"]
    if view.sort is not Sorting.NEED:
        parts.append(f"sorted by {view.sort}")
    if view.group is Parting.NONE:
        parts.append("not grouped")
    elif view.group is not None:
        parts.append(f"by {view.group}")
    return words(" · ".join(parts))


def palette() -> CommandPalette:
    """The palette over the views."""
    return CommandPalette(
        providers=[ViewProvider], placeholder="a view, or a new name for what is shown"
    )
