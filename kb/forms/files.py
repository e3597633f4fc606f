"""A form as a file and back: TOML for people, JSON for programs; the same data in both. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from kb.forms import reading, writing
from kb.forms.reading import BadForm, Problem
from kb.forms.schema import Form

LARGEST = 400_000
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
}  # fmt: skip
HEAD = """\
# What a service asks. Read and written at /desk/settings/forms/, by import_forms and export_forms.
# One [[questions]] a question, in their order; one [[ends]] for each place where it ends early.
# type: text, words, choice, several, yes_no, date, number, address, place, file, person.
# when: { question = "KEY", is = "VALUE" } or another test: at_least, at_most, days_ago_at_least,
# days_ago_at_most, years_at_least, years_under, answered = true; { missing = "KEY" };
# { all = [...] }, { any = [...] } and { not = {...} } hold others.
# kind of an end: emergency (needs phone), not_eligible (needs next_step), answered, not_ours.
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file says: whose form it is ("" where it does not say), and the form."""

    service: str
    note: str
    form: Form


def read(name: str, content: bytes, *, service: str = "") -> Filed:
    """The form of a file, by its name TOML or JSON. Raises BadForm with all that is wrong.

    With `service` it has to be that service's, where it names one.
    """
    if len(content) > LARGEST:
        raise BadForm([Problem("", f"The file is larger than {LARGEST // 1000} kB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadForm([Problem("", "The file is not in UTF-8")]) from error
    data = _parsed(text, is_json=name.lower().endswith(".json"))
    if not isinstance(data, dict):
        raise BadForm([Problem("", "A form is a table of questions and ends")])
    whose, note = data.pop("service", ""), data.pop("note", "")
    problems = []
    if not isinstance(whose, str) or not isinstance(note, str):
        problems.append(Problem("", "“service” and “note” are text"))
    elif service and whose and whose != service:
        problems.append(Problem("service", f"This file is for “{whose[:80]}”, not “{service}”"))
    try:
        form = reading.form(data)
    except BadForm as error:
        problems += [_with_line(one, text) for one in error.problems]
    if problems:
        raise BadForm(problems)
    return Filed(whose, note[:200], form)


def _parsed(text: str, *, is_json: bool) -> Any:
    try:
        return json.loads(text) if is_json else tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        words = "It is nested too deep" if isinstance(error, RecursionError) else str(error)
        kind = "JSON" if is_json else "TOML"
        raise BadForm([Problem("", f"This is not {kind}: {words[:200]}")]) from error


def _with_line(problem: Problem, text: str) -> Problem:
    """The problem with the line where its question or end begins, where that can be told."""
    found = re.match(r"(Question|End) (\d+)", problem.where)
    if found is None:
        return problem
    wanted = "[[questions]]" if found[1] == "Question" else "[[ends]]"
    lines = [at for at, line in enumerate(text.splitlines(), 1) if line.replace(" ", "") == wanted]
    if int(found[2]) > len(lines):
        return problem
    return Problem(f"Line {lines[int(found[2]) - 1]}, {problem.where}", problem.words)


def as_json(form: Form, *, service: str, note: str = "") -> str:
    """The form as JSON."""
    return json.dumps(_whole(form, service, note), ensure_ascii=False, indent=2) + "\n"


def _whole(form: Form, service: str, note: str) -> dict[str, Any]:
    return {"service": service, **({"note": note} if note else {}), **writing.data(form)}


def as_toml(form: Form, *, service: str, note: str = "") -> str:
    """The form as TOML that people read, with a few lines at the top that say how."""
    data = _whole(form, service, note)
    lines = [HEAD]
    lines += [f"{key} = {_value(data[key])}" for key in ("service", "note") if key in data]
    if "describe" in data:
        lines.append(f"describe = {_value(data['describe'])}")
    if not data["questions"]:
        lines.append("questions = []")
    for part in ("questions", "ends"):
        for one in data.get(part, []):
            lines += ["", f"[[{part}]]"]
            lines += [_line(key, value) for key, value in one.items() if key != "areas"]
            lines += _areas(one.get("areas", {}))
    return "\n".join(lines) + "\n"


def _areas(areas: dict[str, Any]) -> list[str]:
    found = []
    for code, different in areas.items():
        found.append(f"[questions.areas.{_key(code)}]")
        found += [_line(key, value) for key, value in different.items()]
    return found


def _line(key: str, value: Any) -> str:
    if key == "choices" and value:
        rows = "".join(f"  {_value(one)},\n" for one in value)
        return f"choices = [\n{rows}]"
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
    return f"{{ {inner} }}" if inner else "{}"


def _text(text: str) -> str:
    written = [
        _ESCAPES.get(one) or (f"\\u{ord(one):04X}" if one < " " or one == "\x7f" else one)
        for one in text
    ]
    return f'"{"".join(written)}"'
