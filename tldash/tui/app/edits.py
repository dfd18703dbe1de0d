"""Send edits to the files thread, take their outcomes, and undo or redo them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tldash.editing.edits import AddTask, Edit, FileEdit, SetStatus
from tldash.insight.topics import find_return
from tldash.model.item_keys import Key, find_added_task, find_changed_keys
from tldash.model.records import Lead, Moment, Task, Workspace
from tldash.service.results import (
    BriefSaved,
    ConflictResolved,
    EditResult,
    EditsApplied,
    EditWritten,
    FilesCreated,
    LineShared,
    SessionEdited,
    SessionPlanned,
    UndoApplied,
    UndoFailed,
)
from tldash.service.service import Service
from tldash.tui.app import notices
from tldash.tui.app.conversation import ConversationController
from tldash.tui.app.host import Host
from tldash.tui.app.news import OwnChanges
from tldash.tui.app.pending_edits import PendingEdits
from tldash.tui.prompts.changes import Change
from tldash.tui.screens import messages
from tldash.tui.screens.messages import Toggle
from tldash.tui.state import FailedEdit
from tldash.tui.widgets.bars import Notice


class EditController:
    """The edits of this session."""

    def __init__(
        self,
        host: Host,
        service: Service,
        keep_text: Callable[[str, str], None],
        conversation: ConversationController,
    ) -> None:
        """`keep_text` keeps the answer to a question, to offer it again."""
        self._host = host
        self._keep_text = keep_text
        self._service = service
        self._conversation = conversation
        self.pending = PendingEdits()
        self._undoing = False
        self._before_plan: dict[str, frozenset[str]] = {}
        """Leads whose next session is being created, and the session files they had before."""
        self._opens: dict[str, str] = {}
        """The screens that open those sessions."""
        self._creating = 0
        """Requests for new files that are on their way."""
        self._editing_sessions = 0
        """The sessions on their way to another day or status."""
        self._resolving = 0
        """The conflicts whose result is being written."""
        self._notes: dict[str, tuple[str, str]] = {}
        """By batch: what its request left out, and why; and what it did, in other words."""

    @property
    def any_pending(self) -> bool:
        """Whether an edit, a new session or an undo is on its way."""
        return self._is_elsewhere or self.pending.any

    @property
    def moves_rows(self) -> bool:
        """Whether one is on its way after which another row may be selected."""
        return self._is_elsewhere or self.pending.moves_rows

    @property
    def _is_elsewhere(self) -> bool:
        """Whether files change as a whole, after which anything may be different."""
        counted = self._creating + self._editing_sessions + self._resolving
        return self._undoing or bool(self._before_plan) or counted > 0

    def handle_message(self, message: messages.EditMessage) -> None:
        """Do what a screen asks for."""
        match message:
            case messages.EditTasks():
                self.change(message.tasks, message.change, message.note, message.done)
            case messages.ApplyEdit():
                self.apply(message.edits)
            case messages.RetryEdit():
                self.retry(message.number)
            case messages.DismissEdit():
                self.dismiss(message.number)
            case messages.PlanSession() | messages.CreateFiles() | messages.SaveBrief():
                self._create(message)
            case messages.ResolveConflict(sides=sides, text=text):
                self._resolving += 1
                self._service.resolve_conflict(sides, text)
            case messages.MoveSession() | messages.SetSessionStatus():
                self._edit_session(message)
            case messages.ShareLine(edit=edit, removal=removal):
                self.pending.additions.append(edit)
                self._service.apply((edit,), removal=removal)

    def _create(
        self, message: messages.PlanSession | messages.CreateFiles | messages.SaveBrief
    ) -> None:
        """Create files."""
        match message:
            case messages.PlanSession():
                self.plan(message.lead, message.at, message.then)
            case messages.CreateFiles():
                self._creating += 1
                today = self._host.state.today
                self._service.create_files(message.files, message.new_lead, today, message.asked)
            case messages.SaveBrief():
                self._service.save_brief(message.lead, message.text)

    def _edit_session(self, message: messages.MoveSession | messages.SetSessionStatus) -> None:
        """Move a session, or set its status."""
        self._editing_sessions += 1
        now, lead_id, place = self._host.state.now, message.lead_id, message.place
        if isinstance(message, messages.MoveSession):
            self._service.move_session(lead_id, place, message.wanted, now)
        else:
            self._service.set_session_status(lead_id, place, message.status, now)

    def handle_result(self, result: EditResult) -> None:
        """Take the result of a request."""
        match result:
            case EditsApplied():
                self._applied(result)
            case SessionPlanned():
                self._planned(result)
            case FilesCreated():
                self._created(result)
            case BriefSaved(path, error):
                text = error or f"saved as {path}"
                self._host.show_notice(Notice(text, bad=bool(error)))
            case ConflictResolved():
                self._resolved(result)
            case LineShared(edit, error):
                self.pending.additions = [one for one in self.pending.additions if one != edit]
                text = error or notices.shared(edit)
                self._host.show_notice(Notice(text, bad=bool(error)))
            case SessionEdited():
                self._editing_sessions -= 1
                self._host.show_notice(notices.session_edited(result))
            case UndoApplied() | UndoFailed():
                self._undone(result)

    def change(
        self, tasks: Sequence[Task], change: Change | Toggle, note: str = "", done: str = ""
    ) -> None:
        """Change some items, so that one undo restores all of them."""
        from tldash.history.journal import BATCH_LIMIT

        host = self._host
        if why := host.state.allowed.refusal("edits"):
            host.show_notice(Notice(why, bad=True))
            return
        if len(tasks) > BATCH_LIMIT:
            most = f"at most {BATCH_LIMIT:,} items at once"
            host.show_notice(Notice(f"failed for {len(tasks):,} items: {most}", bad=True))
            return
        batch = os.urandom(8).hex() if len(tasks) > 1 else ""
        tasks = self.pending.catch_up(tasks, host.state.workspace)
        if isinstance(change, Toggle):
            edits = self.pending.toggle(tasks, host.state.today, batch)
        else:
            edits = self.pending.submit(tasks, change, batch)
        for page in host.pages:
            for task in tasks:
                page.keep(task)
        if edits:
            if note or done:
                self._notes[batch] = note, done
            self._service.apply(edits, batch)

    def apply(self, edits: Sequence[FileEdit]) -> None:
        """Add items, or set the level of a skill."""
        self.pending.additions.extend(edits)
        self._service.apply(edits, os.urandom(8).hex() if len(edits) > 1 else "")

    def plan(self, lead: Lead, at: Moment, then: str = "session") -> None:
        """Create the file of a lead's next session, and open it on the screen `then`."""
        self._opens[lead.id] = then
        self._before_plan[lead.id] = frozenset(session.path for session in lead.sessions)
        self._service.plan_session(lead, at, self._host.state.now)

    def _planned(self, result: SessionPlanned) -> None:
        """Open the new session, or show why its file was not created."""
        self._before_plan.pop(result.lead_id, None)
        bad = bool(result.error)
        self._host.show_notice(Notice(result.error or f"created {result.path}", bad=bad))
        if not bad:
            opens = self._opens.pop(result.lead_id, "session")
            self._host.action_open_page(opens, result.lead_id, result.path)

    def _created(self, result: FilesCreated) -> None:
        """Open the page of a new lead, or show why the files were not created."""
        self._creating -= 1
        if result.error:
            self._keep_text(*result.asked)
        text = result.error or f"created {' and '.join(result.paths)}"
        self._host.show_notice(Notice(text, bad=bool(result.error)))
        if result.new_lead and not result.error:
            self._host.action_open_page("lead", result.paths[0].rpartition("/")[0])

    def _resolved(self, result: ConflictResolved) -> None:
        """Show what was written, or why nothing was."""
        self._resolving -= 1
        bad = bool(result.error)
        self._host.show_notice(Notice(f"failed, {result.error}" if bad else result.what, bad=bad))
        for page in self._host.pages:
            if page.conflict is not None and not bad:
                page.conflict.end_writing(result.what)

    def _applied(self, result: EditsApplied) -> None:
        """Send the edits that waited for these, and show a notice."""
        host, workspace = self._host, self._host.state.workspace
        following: dict[str, list[Edit]] = {}
        for outcome in result.outcomes:
            ready = self.pending.finish(outcome, workspace)
            if ready is not None:
                following.setdefault(ready.batch, []).append(ready.edit)
        for batch, edits in following.items():
            self._service.apply(edits, batch)
        host.set_state(failed_edits=self.pending.failed)
        note, done = self._notes.pop(result.batch, ("", ""))
        if sum(map(len, following.values())) == len(result.outcomes):
            return  # the notice about those replaces this one
        self._select_new(result)
        host.show_notice(notices.edits_applied(result, note, done))

    def _select_new(self, result: EditsApplied) -> None:
        page = self._host.page
        for outcome in result.outcomes:
            edit = outcome.edit
            if isinstance(outcome, EditWritten) and isinstance(edit, AddTask) and page is not None:
                new = find_added_task(self._host.state.workspace, edit.path, edit.text)
                if new is not None:
                    page.select_task(new)

    # Failed edits

    def retry(self, number: int) -> None:
        """Retry a failed edit, or a failed undo, unless it was retried or dismissed before."""
        if all(one.number != number for one in self.pending.failed):
            return
        edit = self.pending.retry(number, self._host.state.workspace)
        if edit is None:
            self.undo()
        elif isinstance(edit, FileEdit):
            self.apply((edit,))
        else:
            self.change([edit.task], lambda task: replace(edit, task=task))
        self._host.set_state(failed_edits=self.pending.failed)

    def dismiss(self, number: int) -> None:
        """Remove a failed edit from the list; a failed undo from the history too."""
        entry = self.pending.dismiss(number)
        if entry is not None:
            self._service.discard(entry)
        self._host.set_state(failed_edits=self.pending.failed)

    def find_overwritten(
        self, before: Workspace, after: Workspace, own: OwnChanges
    ) -> tuple[FailedEdit, ...]:
        """List the edits that somebody has since saved over."""
        anything = self._undoing or self._editing_sessions > 0 or self._resolving > 0
        return self.pending.find_overwritten(before, after, None if anything else own.keys)

    def announce_overwritten(self, found: Sequence[FailedEdit]) -> None:
        """Show a notice about the last of these edits."""
        if found:
            self._host.show_notice(notices.not_done(f"{found[-1].why}: {found[-1].what}"))

    # Undo

    def undo(self) -> None:
        """Undo the latest edit."""
        self._undoing = True
        self._service.undo()

    def redo(self) -> None:
        """Redo the edit undone last."""
        self._undoing = True
        self._service.redo()

    def _undone(self, result: UndoApplied | UndoFailed) -> None:
        """List what could not be undone, and show a notice."""
        self._undoing = False
        if isinstance(result, UndoApplied):
            self.pending.fail_undo(result.failed)
            notice = notices.undo_applied(result)
        else:
            self.pending.fail_undo([result])
            notice = notices.undo_failed(result)
        self._host.set_state(failed_edits=self.pending.failed)
        self._host.show_notice(notice)

    def _following(self, before: Workspace) -> Iterator[AddTask]:
        """Yield the next occurrences of repeating topics that edits on their way put elsewhere."""
        for edit in self.pending.sent.values():
            if not isinstance(edit, SetStatus) or not edit.task.fields.repeat:
                continue
            for lead in before.leads:
                if (session := find_return(lead, edit.task, edit.on)) is not None:
                    yield AddTask(session.path, edit.task.text)

    def own_changes(self, before: Workspace, after: Workspace) -> OwnChanges:
        """Return what the viewer is changing between these workspaces."""
        typed = self._conversation.on_its_way
        lines = (typed,) if typed is not None else ()
        additions = (*self.pending.additions, *self._following(before), *lines)
        leads = self._undoing or self._creating > 0
        if leads or self._editing_sessions or self._resolving:
            keys = find_changed_keys(before, after)
        else:
            changed = (("session", e.path) for e in additions if not isinstance(e, AddTask))
            keys = frozenset[Key]((*self.pending.keys, *changed))
        return OwnChanges(keys, additions, dict(self._before_plan), leads)
