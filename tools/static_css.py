"""Small steps that make our style sheets; run by hand, the results are checked in.

    python tools/static_css.py bootstrap PATH/TO/bootstrap.min.css > tools/bootstrap.css
    python tools/static_css.py used tools/bootstrap.css > static/vendor/bootstrap-5.3.9/bootstrap.css
    python tools/static_css.py dark static/css/portal.css        (rewrites the file)

`bootstrap` keeps reboot, grid, tables, buttons, forms and utilities, leaves out the
components that we do not use, drops every `data:` image (our policy is img-src 'self')
and adds the dark copy. `used` keeps of that the rules whose every class is written somewhere
in our templates, programs and scripts, and the custom properties that somebody reads; a test
says when it is to be run again. `dark` puts, after each rule for `[data-bs-theme=dark]`, the
same rule for a device that prefers dark when the reader has chosen nothing, so no script has
to set an attribute before the page is painted.
"""

import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import crispy_bootstrap5

LEFT_OUT = (
    "accordion alert badge blockquote bg-body bg-opacity breadcrumb btn-check btn-close btn-danger btn-dark "
    "btn-group btn-info btn-light btn-link btn-lg btn-outline btn-secondary btn-success btn-toolbar btn-warning "
    "card carousel col-form collaps dropdown dropend dropstart dropup fade figure focus-ring form-floating "
    "form-range icon-link initialism input-group is-valid link-body link-danger link-dark link-info link-light "
    "link-offset link-opacity link-primary link-secondary link-success link-underline link-warning list-group "
    "modal nav- navbar nav offcanvas page- pagination pb-xxl placeholder popover progress ratio shadow spinner "
    "sticky table-danger table-dark table-info table-light table-primary table-secondary table-success "
    "table-warning tab-content text-bg toast tooltip valid-feedback valid-tooltip invalid-tooltip vr was-validated "
    "border-opacity text-opacity bg-gradient text-primary text-secondary text-success text-info text-warning "
    "text-danger text-light text-dark bg-primary bg-secondary bg-success bg-info bg-warning bg-danger bg-light "
    "bg-dark border-primary border-secondary border-success border-info border-warning border-danger "
    "border-light border-dark mark small object-fit float user-select pe-auto pe-none rounded-start rounded-end "
    "rounded-top rounded-bottom"
)
LEFT_OUT_NAMES = "|".join(name if name.endswith("-") else rf"{name}(?![a-z])" for name in LEFT_OUT.split())
UNUSED = re.compile(
    rf"\.(?:{LEFT_OUT_NAMES})|-xxl(?:-|\b)|\.(?:offset|order|column-gap|row-gap|opacity|translate-middle)-"
    r"|\.(?:container-)(?!fluid)"
)
DARK = "[data-bs-theme=dark]"
DEVICE = ":root:where(:not([data-bs-theme]))"
MARK = "@media (prefers-color-scheme:dark){"


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Each top-level rule as (prelude, body); an at-rule without a block has an empty body."""
    at = 0
    while at < len(css):
        opening, ending = css.find("{", at), css.find(";", at)
        if opening < 0:
            return
        if 0 <= ending < opening:
            at = ending + 1
            continue
        depth, close = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[close], 0)
            close += 1
        yield css[at:opening], css[opening + 1 : close - 1]
        at = close


def trimmed(css: str) -> str:
    """The rules of Bootstrap that we use, without data: images."""
    out = []
    for prelude, body in rules(css):
        if prelude.startswith(("@media", "@supports")):
            if inner := trimmed(body):
                out.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@keyframes"):
            continue
        elif kept := ",".join(s for s in selectors(prelude) if not UNUSED.search(s)):
            plain = re.sub(r'(--[\w-]+|background-image):url\("data:[^"]*"\)', r"\1:none", body)
            out.append(f"{kept}{{{plain}}}")
    return "".join(out)


def selectors(prelude: str) -> list[str]:
    return re.split(r",(?![^()]*\))", prelude)


def with_device_dark(css: str) -> str:
    """A copy of every dark rule for devices that prefer dark, right after the rule."""
    css = re.sub(re.escape(MARK) + r"[^{}]*\{[^{}]*\}\}\n?", "", css)
    pattern = re.compile(r"([^{}/;]*\[data-bs-theme=dark\][^{}]*)(\{[^{}]*\})")

    def twice(found: re.Match[str]) -> str:
        dark = [s.strip() for s in selectors(found[1]) if DARK in s]
        copy = ",".join(s.replace(DARK, DEVICE) for s in dark)
        return f"{found[0]}\n{MARK}{copy}{found[2]}}}"

    return pattern.sub(twice, css)


CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
READ = re.compile(r"var\((--[\w-]+)")
ROOT = Path(__file__).resolve().parent.parent
OWN_SHEETS = ("portal.css", "visit.css", "desk.css", "print.css")


def written() -> set[str]:
    """Every word that could be a class, wherever we write classes."""
    crispy = Path(crispy_bootstrap5.__file__).parent
    files = [
        *ROOT.glob("templates/**/*.html"), *ROOT.glob("visits/**/*.py"), *ROOT.glob("programmes/**/*.py"),
        *ROOT.glob("static/js/*.js"), *crispy.glob("templates/**/*.html"),
    ]  # fmt: skip
    return {word for path in files for word in re.findall(r"[A-Za-z][\w-]*", path.read_text())}


def classes(selector: str) -> set[str]:
    """The classes that a selector needs, not those that it excludes."""
    return set(CLASS.findall(re.sub(r":not\([^)]*\)", "", selector)))


def used(css: str, words: set[str]) -> str:
    """The rules whose every class is among the words."""
    out = []
    for prelude, body in rules(css):
        if prelude.startswith(("@media", "@supports")):
            if inner := used(body, words):
                out.append(f"{prelude}{{{inner}}}")
        elif kept := ",".join(s for s in selectors(prelude) if classes(s) <= words):
            out.append(f"{kept}{{{body}}}")
    return "".join(out)


def without_unread(css: str, others: str) -> str:
    """The rules without the custom properties that neither they nor our own sheets read."""
    left = re.sub(
        r"(--[\w-]+):[^;{}]*;?", partial(_if_read, read=set(READ.findall(css + others))), css
    )  # fmt: skip
    return re.sub(r"[^{}]*\{\}", "", left) if left == css else without_unread(left, others)


def _if_read(found: re.Match[str], read: set[str]) -> str:
    return found[0] if found[1] in read else ""


if __name__ == "__main__":
    step, path = sys.argv[1], Path(sys.argv[2])
    source = path.read_text()
    if step == "bootstrap":
        source = source.removeprefix('@charset "UTF-8";')
        banner, source = source.split("*/", 1)
        head = f"{banner.rstrip()}\n * Trimmed by tools/static_css.py\n */\n"
        sys.stdout.write(f"{head}{with_device_dark(trimmed(source))}\n")
    elif step == "used":
        banner, source = source.split("*/", 1)
        own = "".join((ROOT / "static/css" / name).read_text() for name in OWN_SHEETS)
        sys.stdout.write(f"{banner}*/\n{without_unread(used(source, written()), own).strip()}\n")
    else:
        path.write_text(with_device_dark(source))
