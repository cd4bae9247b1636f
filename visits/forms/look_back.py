"""What a side writes when a visit is over, and how an idea stands some months later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits import rules
from visits.choices import Closer, PointState, Worth
from visits.forms.base import UnforcedChoice
from visits.forms.fields import ChoiceField, LineField, MultipleChoiceField, TextField, let_choose
from visits.forms.visit import VisitForm
from visits.ledger import FollowUpRefused, Host, follow_ups, looking
from visits.models import LedgerPoint, LookBack, User, Visit, VisitRequest

OTHER: Final = ("other", _("Somebody else"))
FOLLOW_UP_ANSWERS: Final = (
    (PointState.GOING_ON, _("Goes on")),
    (PointState.SPREADS, _("Spreads")),
    (PointState.STOPPED, _("Stopped")),
)
WHO_BEGINS: Final = _(
    "A role is enough. Whoever reads the ledger or its report reads this too: ask before you write a name."
)
CHOOSE_STATE: Final = _("Choose where it stands: goes on, spreads, or stopped.")


class LookBackForm(VisitForm):
    """What can be kept while it is not whole: only what is missing may wait, not what cannot be read."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Mapping[str, Any] | None = None, *, kept: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(data, initial={**kept}, **kwargs)

    @property
    def may_be_kept(self) -> bool:
        """Whether all that was written can be kept as it is; what is missing can wait."""
        problems = self.errors.as_data().values()
        return all(error.code == "required" for errors in problems for error in errors)

    def answers(self) -> dict[str, Any]:
        """What was written, as it is kept."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_at"}

    def seen_again(self, seen: str) -> Self:
        """The same form over a newer version: what was typed stays, and may be sent again."""
        typed: MultiValueDict[str, Any] = MultiValueDict()
        typed.update(self.data)
        typed.setlist("seen_at", [seen])
        self.data = typed
        return self

    def other_words(self, theirs: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What somebody else has written otherwise, by question, as people read it."""
        mine = self.answers()
        changed = [name for name in mine if name in theirs and theirs[name] != mine[name]]
        return [(self._question(name), words) for name in changed if (words := self._words(name, theirs[name]))]

    def _question(self, name: str) -> str:
        return str(self.fields[name].label)

    def _words(self, name: str, value: Any) -> str:
        """An answer in words: of a choice its label."""
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in chosen)

    def forgive_what_is_missing(self) -> None:
        """Draw the page without complaints about what is not written yet."""
        for name in list(self.errors):
            if all(error.code == "required" for error in self.errors.as_data()[name]):
                del self.errors[name]


class AskedQuestion(NamedTuple):
    """One big question with the fields that belong to it."""

    number: int
    words: str
    closer: forms.BoundField
    helped: forms.BoundField | None
    sentence: forms.BoundField


class GuestsLookBackForm(LookBackForm):
    """What the guests write together: their questions, what they try, what we should try, keeping in touch."""

    tries = TextField(
        label=_("The first small thing"), help_text=_("So small that you can begin within a month"),
        max_length=1000, rows=2, error_messages={"required": _("Write one small thing that you will try.")},
    )  # fmt: skip
    about = UnforcedChoice(label=_("Which question does it come from?"), widget=forms.RadioSelect, required=False)
    begins = LineField(
        label=_("Who begins?"), help_text=WHO_BEGINS, max_length=120,
        error_messages={"required": _("Write who begins: a role, or a name.")},
    )  # fmt: skip
    begins_when = LineField(
        label=_("When?"), help_text=_("For example week 17"), max_length=120,
        error_messages={"required": _("Write when it begins, for example week 17.")},
    )  # fmt: skip
    measure = LineField(label=_("How will you see that it is better?"), max_length=300, required=False)
    seen = TextField(
        label=_("What did you see that we no longer see?"),
        help_text=_("You are our critical friends. Kind and true, in that order."), max_length=1000, rows=3,
        error_messages={"required": _("Write one thing that you saw. A small one counts.")},
    )  # fmt: skip
    worth = ChoiceField(
        label=_("Was it worth the journey?"), choices=Worth.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the four answers.")},
    )  # fmt: skip
    better = TextField(label=_("What would have made it better?"), max_length=1000, rows=2, required=False)
    after = MultipleChoiceField(
        label=_("May we ask you how it went?"), choices=[(str(count), count) for count in rules.FOLLOW_UP_MONTHS],
        required=False, initial=[str(count) for count in rules.FOLLOW_UP_MONTHS],
    )  # fmt: skip

    def __init__(self, *args: Any, questions: Sequence[str], helpers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.helpers = questions, helpers
        several = [(str(number), gettext("Question %(number)d") % {"number": number})
                   for number, _words in enumerate(questions, start=1)]  # fmt: skip
        for number, named in several:
            self._add_question(number, named)
        self.order_fields([name for name in self.fields if name.rpartition("_")[2].isdigit()])  # as on the page
        months = [
            (str(count), gettext("After %(count)d months") % {"count": count}) for count in rules.FOLLOW_UP_MONTHS
        ]
        let_choose(self, "after", months)
        let_choose(self, "about", [*several, ("", gettext("Something else that we saw"))])

    def _add_question(self, number: str, named: str) -> None:
        closer = ChoiceField(
            label=_("Did you come closer to an answer?"), choices=Closer.choices, widget=forms.RadioSelect,
            error_messages={"required": _("Choose yes, a bit, or not yet.")},
        )  # fmt: skip
        closer.named = named
        self.fields[f"closer_{number}"] = closer
        if self.helpers:
            self.fields[f"helped_{number}"] = MultipleChoiceField(
                label=_("Who helped you on?"), choices=[*self.helpers.items(), OTHER], required=False
            )
        self.fields[f"sentence_{number}"] = TextField(
            label=_("In one sentence"), max_length=500, rows=2, required=False
        )

    def _question(self, name: str) -> str:
        """The label of a field; of what belongs to a big question, with its words."""
        number = name.rpartition("_")[2]
        label = super()._question(name)
        return f"{self.questions[int(number) - 1]} {label}" if number.isdigit() else label

    def asked(self) -> list[AskedQuestion]:
        """The questions with their fields, for the page."""
        return [
            AskedQuestion(
                number, words, self[f"closer_{number}"],
                self[f"helped_{number}"] if self.helpers else None, self[f"sentence_{number}"],
            )
            for number, words in enumerate(self.questions, start=1)
        ]  # fmt: skip


class OurLookBackForm(LookBackForm):
    """What one of us writes: what we take home, who told us, what we try."""

    takes_home = TextField(
        label=_("What do you take home?"), help_text=_("One thing that you learned, or a question that stays."),
        max_length=1000, rows=3, error_messages={"required": _("Write one thing that you take home.")},
    )  # fmt: skip
    told_by = MultipleChoiceField(label=_("Who of the guests told you?"), required=False)
    tries = TextField(
        label=_("What will you try because of it?"), help_text=_("So small that you can begin within a month"),
        max_length=1000, rows=2, required=False,
    )  # fmt: skip
    begins = LineField(label=_("Who begins?"), help_text=WHO_BEGINS, max_length=120, required=False)
    begins_when = LineField(label=_("When?"), help_text=_("For example week 17"), max_length=120, required=False)
    measure = LineField(label=_("How will you see that it is better?"), max_length=300, required=False)

    def __init__(self, *args: Any, tellers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_choose(self, "told_by", [*tellers.items(), OTHER])

    @classmethod
    def of(cls, visit: Visit, kept: LookBack | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Self:
        """The form of one of us for a visit, with what they have written so far."""
        written = {**(kept.answers if kept else {}), "seen_at": looking.seen(kept)}
        return cls(data, kept=written, tellers=looking.tellers(visit), **kwargs)

    def may_be_sent(self, *, later: bool) -> bool:
        """Whether it is whole, or, for later, whether nothing in it is to be mended."""
        if later and self.may_be_kept:
            self.forgive_what_is_missing()
            return True
        return self.is_valid()

    def send(self, visit_request: VisitRequest, host: Host, *, later: bool) -> LookBack:
        """Keep it for later, or share it with the guests. Raises LookBackRefused."""
        deed = looking.keep_ours if later else looking.share_ours
        return deed(visit_request, host, self.answers(), seen=self.cleaned_data["seen_at"])


class FollowUpForm(VisitForm):
    """One word on an idea, and two lines when there are any; one press is enough."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    state = ChoiceField(
        label=_("Where does it stand?"), choices=FOLLOW_UP_ANSWERS, widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_STATE, "invalid_choice": CHOOSE_STATE},
    )  # fmt: skip
    words = TextField(label=_("How has it gone?"), max_length=1000, rows=2, required=False)
    result = LineField(label=_("What does the measure say?"), max_length=300, required=False)

    def __init__(self, *args: Any, asks: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = asks or self.fields["words"].label

    @classmethod
    def about(cls, point: LedgerPoint, *, asks: str = "", **said: str) -> Self:
        """The form of a follow-up as its page shows it; `said` is what stands in its boxes."""
        return cls(initial={**said, "seen_at": follow_ups.seen(point)}, asks=asks, auto_id=f"point-{point.pk}_%s")

    def answer(self, point: LedgerPoint, *, by_name: str, by: User | None = None) -> LedgerPoint:
        """Write down what was typed. Raises FollowUpRefused; after AnsweredMeanwhile it may be sent again."""
        typed = self.cleaned_data
        try:
            return follow_ups.answer(
                point, state=PointState(typed["state"]), said=typed["words"], result=typed["result"],
                by_name=by_name, by=by, at=typed["seen_at"],
            )  # fmt: skip
        except follow_ups.AnsweredMeanwhile as theirs:
            again: MultiValueDict[str, Any] = MultiValueDict()
            again.update(self.data)
            again.setlist("seen_at", [theirs.seen])
            self.data = again
            raise

    def refused(self, refusal: FollowUpRefused) -> str:
        """Why a word was not kept, with what was typed, so that it is not lost."""
        typed = self.cleaned_data["words"]
        kept = gettext("What you wrote: “%(words)s”")  # outside the f-string, where the translators' tools find it
        return f"{refusal} {kept % {'words': typed}}" if typed else str(refusal)


class NumberForm(VisitForm):
    """The number of a certificate, as somebody copied it."""

    number = LineField(
        label=_("The number on the certificate"), help_text=_("For example 7K2M-9QXA-40TD"), max_length=40,
        error_messages={"required": _("Write the number that stands on the certificate.")},
    )  # fmt: skip
    number.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
