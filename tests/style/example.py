"""A form with one field of each kind, for the tests of how forms look."""

from __future__ import annotations

from django import forms

from visits.forms import fields
from visits.forms.layout import (
    Actions,
    Cards,
    Chips,
    Counted,
    DateParts,
    Group,
    Guest,
    Numbers,
    Questions,
    Short,
    Two,
    form_helper,
)

ANSWERS = [("a", "First"), ("b", "Second")]


class ExampleForm(forms.Form):
    line = fields.LineField(label="Name", max_length=20, help_text="As on the door")
    mail = fields.EmailField(label="E-mail")
    phone = fields.PhoneField(label="Phone", required=False)
    words = fields.TextField(label="In your own words", max_length=1000, required=False)
    size = fields.CountField(label="How many are you?", least=1, most=40)
    country = forms.ChoiceField(label="Country", choices=ANSWERS)
    kind = fields.ChoiceField(label="What kind?", choices=ANSWERS, widget=forms.RadioSelect)
    gifts = fields.MultipleChoiceField(label="What could it be?", choices=ANSWERS, help_text="One or several")
    first = fields.DatePartsField(label="Which day?", required=False)
    steps = fields.CountField(label="Step-free routes", required=False, help_text="Wheelchair or walker")
    question = fields.LineField(label="Big question 1", required=False)
    other = fields.LineField(label="Big question 2", required=False)
    agreed = forms.BooleanField(label="I have asked my group", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    helper = form_helper(
        Group("You", Two("line", "mail"), "phone", Short("size"), "country", hint="Who are you?"),
        Chips("kind"),
        Guest(Cards("gifts", sentences={"a": "Something you are stuck in."}), Counted("words")),
        DateParts("first"),
        Numbers("steps"),
        Questions("Your big questions", "question", "other", hint="One is enough"),
        "agreed",
        "secret",
        Actions(),
    )


FILLED = {
    "line": "Aileen Munro",
    "mail": "aileen@tayford.example",
    "size": "six",
    "country": "a",
    "kind": "b",
    "gifts": ["a", "b"],
    "first_0": "16",
    "first_1": "mars",
    "first_2": "2027",
}
