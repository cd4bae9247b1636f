"""Questions of our own in the visitor's form: which are asked of whom, and how an answer is kept.

`which` decides by plain data; `reading` reads the questions and writes what the request keeps.
"""

from visits.questions.reading import (
    answers_of,
    as_asked,
    asked_no_more,
    columns,
    entry,
    every,
    in_both,
    in_words_of,
    lacking,
    merged,
    on_step,
    steps_with_answers,
    to_correct,
)
from visits.questions.which import PREFIX, Asked, Chosen, answerable, holds, is_asked, offered

__all__ = [
    "PREFIX",
    "Asked",
    "Chosen",
    "answerable",
    "answers_of",
    "as_asked",
    "asked_no_more",
    "columns",
    "entry",
    "every",
    "holds",
    "in_both",
    "in_words_of",
    "is_asked",
    "lacking",
    "merged",
    "offered",
    "on_step",
    "steps_with_answers",
    "to_correct",
]
