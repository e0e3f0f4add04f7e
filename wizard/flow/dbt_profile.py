"""An output of a dbt profiles.yml, as pasted: often a part of the file, often without the ends of its lines.

So it is not read as YAML, which lives by these ends, but as names and values in their order.
"""

from __future__ import annotations

import re

_PAIR = re.compile(
    r"""(?P<name>[A-Za-z_][\w-]*)\s*:(?=\s|$)\s*
    (?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^']|'')*)'|(?P<bare>(?:(?!(?:(?<=\s)|\s)[A-Za-z_][\w-]*\s*:(?:\s|$)).)*))""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"""(?m)("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|(?:^|(?<=\s))#[^\n]*$""")
"""A comment, or what is quoted and has none."""
_KINDS = {"sqlserver": "sqlserver", "oracle": "oracle", "informix": "informix", "sqlite": "sqlite"}
_SAME = {"windows_login": "trusted_connection", "trust_cert": "trustservercertificate"}
_OF_DBT = frozenset({"type", "threads", "target", "outputs", "config", "schema", "retries"})

Pairs = list[tuple[str, str]]


def output_of(text: str) -> tuple[str, Pairs] | None:
    """The type and the settings of the output that the text means; None when it is no such text.

    Of several outputs the target is meant, else the first. Values that dbt reads elsewhere (env_var) are left out.
    """
    pairs = [(match["name"], _value(match)) for match in _PAIR.finditer(_COMMENT.sub(_quoted, text))]
    places = [index for index, (name, value) in enumerate(pairs) if name.casefold() == "type" and value]
    if not places:
        return None
    target = next((value for name, value in pairs if name.casefold() == "target"), "")
    begin = next((place for place in places if place and pairs[place - 1] == (target, "")), places[0])
    if target and "{{" not in target and len(places) > 1 and pairs[begin - 1] != (target, ""):
        # Which output is meant cannot be told, and another one's password must not be taken for it.
        return None
    end = next((place for place in places if place > begin), len(pairs))
    kind = pairs[begin][1].casefold()
    settings = [(_SAME.get(name.casefold(), name), value) for name, value in pairs[begin:end] if value]
    return kind, [pair for pair in settings if pair[0].casefold() not in _OF_DBT and "{{" not in pair[1]]


def kind_of(type_: str) -> str:
    """The kind of database of an adapter; "" for one that Logix does not run on."""
    return _KINDS.get(type_, "")


def _quoted(match: re.Match[str]) -> str:
    return match[1] or ""


def _value(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return re.sub(r"\\(.)", r"\1", match["double"])
    if match["single"] is not None:
        return match["single"].replace("''", "'")
    return match["bare"].strip()
