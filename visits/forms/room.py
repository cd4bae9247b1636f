"""What is written and pressed in a visit's room: one form for each press, the same at every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import meeting, rules
from visits.forms.fields import LineField, TextField
from visits.forms.visit import OUT_OF_DATE, SeenField, VisitForm
from visits.meeting import Act, Room, Speaker, Thread, kinds
from visits.meeting.kinds import Kind, WrongFile

LONGEST_QUESTION: Final = 1000
LONGEST_REPLY: Final = 4000
LONGEST_HELLO: Final = 600
DONE, UNPROCESSABLE, CONFLICT = 302, 422, 409


class AskForm(VisitForm):
    text = TextField(
        label=gettext_lazy("Your question"),
        max_length=LONGEST_QUESTION,
        rows=2,
        error_messages={"required": gettext_lazy("Write your question before you send it.")},
    )


class ReplyForm(VisitForm):
    question = SeenField()
    text = TextField(
        label=gettext_lazy("Your words"),
        max_length=LONGEST_REPLY,
        rows=2,
        error_messages={"required": gettext_lazy("Write something before you send it.")},
    )


class PickForm(VisitForm):
    """A press beside one question, or one file."""

    number = SeenField()


class HelloForm(VisitForm):
    text = TextField(
        label=gettext_lazy("Three lines about yourself"),
        help_text=gettext_lazy("What you do, and what you are curious about"),
        max_length=LONGEST_HELLO,
        rows=3,
        required=False,
    )


class NewsForm(VisitForm):
    wanted = forms.BooleanField(required=False)


class RoomFileField(forms.FileField):
    """A file of one of the kinds that a room takes; gives its kind and its clean name beside the content."""

    default_error_messages = {
        "required": gettext_lazy("Choose a file."),
        "invalid": gettext_lazy("Choose a file."),
        "missing": gettext_lazy("Choose a file."),
        "empty": gettext_lazy("This file is empty. Choose the one that you meant."),
    }

    def clean(self, data: Any, initial: Any = None) -> tuple[str, Kind, File[Any]]:
        uploaded = super().clean(data, initial)
        try:
            name = kinds.clean_name(uploaded.name)
            return name, kinds.recognised(name, uploaded.size, uploaded), uploaded
        except WrongFile as wrong:
            raise ValidationError(str(wrong), code="wrong") from wrong


class FileForm(VisitForm):
    file = RoomFileField(label=gettext_lazy("File"))
    title = LineField(
        label=gettext_lazy("What it is"),
        help_text=gettext_lazy("For instance Esther on two pages. Left empty, it is the name of the file."),
        max_length=160,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = rules.ROOM_FILE_BYTES // (1024 * 1024)
        told = _("At most %(size)d MB: %(kinds)s") % {"size": limit, "kinds": kinds.ENDINGS}
        self.fields["file"].help_text = told
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{ending}" for ending in kinds.KINDS)


@dataclass(frozen=True)
class Press:
    """One thing that can be pressed: whose it is, its form, and the deed, which says what is told after it."""

    act: Act
    form: type[VisitForm]
    do: Callable[[Speaker, dict[str, Any]], str]
    where: str


def _ask(speaker: Speaker, typed: dict[str, Any]) -> str:
    meeting.ask(speaker, text=typed["text"])
    return _("Your question stands in the room.")


def _reply(speaker: Speaker, typed: dict[str, Any]) -> str:
    meeting.reply(speaker, typed["question"], text=typed["text"])
    return _("Your words stand in the room.")


def _take(speaker: Speaker, typed: dict[str, Any]) -> str:
    meeting.take(speaker, typed["number"])
    return _("You take the question with you. The guests read that.")


def _put_back(speaker: Speaker, typed: dict[str, Any]) -> str:
    meeting.put_back(speaker, typed["number"])
    return _("The question waits for somebody again.")


def _hello(speaker: Speaker, typed: dict[str, Any]) -> str:
    meeting.introduce(speaker, text=typed["text"])
    return _("Your lines stand under “Who is who”.") if typed["text"] else _("Your lines are taken away.")


def _news(speaker: Speaker, typed: dict[str, Any]) -> str:
    meeting.choose_news(speaker, wanted=typed["wanted"])
    if typed["wanted"]:
        return _("You get an e-mail when something is new, at most one a day.")
    return _("You get no more e-mail about this room.")


def _add_file(speaker: Speaker, typed: dict[str, Any]) -> str:
    name, kind, content = typed["file"]
    added = meeting.add_file(speaker, title=typed["title"], name=name, kind=kind, content=content)
    return _("“%(title)s” is in the room.") % {"title": added.title}


def _remove_file(speaker: Speaker, typed: dict[str, Any]) -> str:
    gone = meeting.remove_file(speaker, typed["number"])
    return _("“%(title)s” is taken out of the room.") % {"title": gone.title}


PRESSES: Final[dict[str, Press]] = {
    "ask": Press(Act.ASK, AskForm, _ask, "questions"),
    "reply": Press(Act.REPLY, ReplyForm, _reply, "questions"),
    "take": Press(Act.TAKE, PickForm, _take, "questions"),
    "put_back": Press(Act.TAKE, PickForm, _put_back, "questions"),
    "hello": Press(Act.INTRODUCE, HelloForm, _hello, "hello"),
    "news": Press(Act.CHOOSE_NEWS, NewsForm, _news, "news"),
    "add_file": Press(Act.ADD_FILE, FileForm, _add_file, "files"),
    "remove_file": Press(Act.ADD_FILE, PickForm, _remove_file, "files"),
}


@dataclass(frozen=True)
class Outcome:
    """What came of a press: what is told, or why not, with the form as it was typed."""

    status: int
    told: str = ""
    name: str = ""
    form: VisitForm | None = None
    where: str = ""


def press(speaker: Speaker, data: Mapping[str, Any], files: MultiValueDict[str, Any]) -> Outcome:
    """Do what was pressed. Raises PermissionDenied at a door that does not lead to it."""
    name = str(data.get("do", ""))
    found = PRESSES.get(name)
    if found is None:
        return Outcome(UNPROCESSABLE, str(OUT_OF_DATE))
    if not speaker.may(found.act):
        raise PermissionDenied
    form = found.form(data, files, auto_id=_auto_id(name, data.get("question", "")))
    if not form.is_valid():
        return Outcome(UNPROCESSABLE, "", name, form, found.where)
    try:
        return Outcome(DONE, found.do(speaker, form.cleaned_data), name, form, found.where)
    except meeting.RoomRefused as refusal:
        return Outcome(CONFLICT, str(refusal), name, form, found.where)


@dataclass(frozen=True)
class Sheet:
    """A question with the form that answers it; open where something is to be mended."""

    thread: Thread
    form: VisitForm
    is_open: bool


@dataclass
class Sheets:
    """All forms of the page, one of them perhaps as it was typed."""

    room: Room
    outcome: Outcome | None = None
    threads: list[Sheet] = field(init=False)

    def __post_init__(self) -> None:
        self.threads = [self._sheet(thread) for thread in self.room.threads]

    @property
    def failed(self) -> VisitForm | None:
        return self.outcome.form if self.outcome and self.outcome.form and self.outcome.form.errors else None

    @property
    def refusal(self) -> str:
        return self.outcome.told if self.outcome else ""

    @property
    def kept(self) -> str:
        """What was typed and has no box any more, in a closed room or to a question that is gone: to be copied."""
        typed = self.outcome.form.data.get("text", "") if self.outcome and self.outcome.form else ""
        has_box = self.room.may_speak and (self._typed("reply") is None or any(sheet.is_open for sheet in self.threads))
        return "" if has_box else str(typed)

    @property
    def ask(self) -> VisitForm:
        return self._typed("ask") or AskForm(auto_id=_auto_id("ask"))

    @property
    def hello(self) -> VisitForm:
        return self._typed("hello") or HelloForm(auto_id=_auto_id("hello"), initial={"text": self.room.own_words})

    @property
    def file(self) -> VisitForm:
        return self._typed("add_file") or FileForm(auto_id=_auto_id("add_file"))

    def _typed(self, name: str) -> VisitForm | None:
        return self.outcome.form if self.outcome and self.outcome.name == name else None

    def _sheet(self, thread: Thread) -> Sheet:
        typed = self._typed("reply")
        if typed is not None and str(typed.data.get("question", "")) == str(thread.pk):
            return Sheet(thread, typed, is_open=True)
        fresh = ReplyForm(auto_id=_auto_id("reply", str(thread.pk)), initial={"question": thread.pk})
        return Sheet(thread, fresh, is_open=False)


def _auto_id(name: str, number: str = "") -> str:
    """Many forms stand on the page, so each has ids of its own."""
    return f"{name}{number if number.isascii() and number.isdigit() else ''}_%s"
