"""YAML as text and back, read so strictly that no value changes on the way.

Every scalar is taken as text and typed by the model alone: `no` is not False, `01` is not 1 and
`12:30` is not 750, whatever YAML 1.1 says. Duplicate keys, aliases and tags are refused, the size
and the depth are limited, and the line of every value is kept for the error messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

import yaml

from wizard.profile.errors import Problem, ProfileError

SIZE_LIMIT = 512 * 1024
"""Bytes. A profile with a hundred grade types has about 30 KB; the largest that the model allows still fits."""

DEPTH_LIMIT = 16
"""Levels of nesting. The model has five."""

Value = None | str | bool | int | float | list[Any] | dict[str, Any]
Path = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null"})


@dataclass(frozen=True)
class Document:
    """A parsed mapping of texts, lists and mappings, with the line (from 1) where each path stands."""

    data: dict[str, Any]
    lines: Mapping[Path, int]


def path_text(path: Path) -> str:
    """("grades", "types", 0, "size") as "grades.types[0].size"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def decode(raw: bytes) -> str:
    """The text of a file, or ProfileError when it is too large or not UTF-8."""
    if len(raw) > SIZE_LIMIT:
        raise _refused("too_large", _("The file is larger than {limit} KB.").format(limit=SIZE_LIMIT // 1024))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused("encoding", _("The file is not UTF-8 text."), line, _("Save it again as UTF-8.")) from None


def parse(text: str) -> Document:
    """Read one YAML mapping. Raises ProfileError with the place of the first thing that is not allowed."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        message = _("This is not valid YAML. Check indentation, quotes and colons at this place.")
        raise _refused("yaml_syntax", message, _line_of(error.problem_mark)) from None
    except yaml.reader.ReaderError as error:
        # `position` counts characters in the pure reader and bytes in libyaml: near enough for a line.
        line = text[: max(error.position, 0)].count("\n") + 1
        raise _refused("yaml_character", _("A control character stands in the file."), line) from None
    except (ValueError, OverflowError) as error:
        # Half of a surrogate pair, or, in the pure reader, the escape of a character beyond Unicode.
        line = text[: getattr(error, "start", 0)].count("\n") + 1
        raise _refused("yaml_character", _("A control character stands in the file."), line) from None
    if not isinstance(builder.root, dict):
        raise _refused("not_a_mapping", _("The file is empty or holds no 'key: value' lines."), 1)
    return Document(builder.root, builder.lines)


def _line_of(mark: Any) -> int | None:
    return int(mark.line) + 1 if mark is not None else None


class _Builder:
    """Builds the document out of YAML events, without recursion, so that depth cannot exhaust the stack."""

    def __init__(self) -> None:
        self.root: Any = None
        self.lines: dict[Path, int] = {}
        self._stack: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self._key: list[str | None] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        line = _line_of(event.start_mark) or 1
        match event:
            case yaml.AliasEvent():
                raise _refused("alias", _("Aliases (*name) are not allowed in a profile."), line)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise _refused("two_documents", _("The file holds a second document ('---')."), line)
            case yaml.ScalarEvent():
                self._refuse_marks(event, line)
                plain_null = event.implicit[0] and event.value in _NULLS
                if self._expects_key():
                    self._take_key(event.value, line)
                else:
                    self._add(None if plain_null else event.value, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_marks(event, line)
                if self._expects_key():
                    raise _refused("key_not_text", _("A key must be plain text."), line)
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()
                self._key.pop()

    def _refuse_marks(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            raise _refused("alias", _("Anchors (&name) are not allowed in a profile."), line)
        # "!" alone is what libyaml gives a quoted scalar; any other tag would name a type.
        if getattr(event, "tag", None) not in (None, "!"):
            raise _refused("tag", _("Tags (!type) are not allowed in a profile."), line)

    def _expects_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1][0], dict) and self._key[-1] is None

    def _take_key(self, key: str, line: int) -> None:
        if not key.isprintable():
            # Messages name keys: an escape sequence must not reach a console through one.
            raise _refused("key_not_text", _("A key must be plain text."), line)
        container, path = self._stack[-1]
        if key in container:
            where = path_text((*path, key))
            first = self.lines[(*path, key)]
            message = _("The key stands twice; the first time in line {line}.").format(line=first)
            raise ProfileError([Problem("duplicate_key", message, where, line)])
        self._key[-1] = key
        self.lines[(*path, key)] = line

    def _place(self, value: Any, line: int) -> Path:
        if not self._stack:
            self.root = value
            return ()
        container, path = self._stack[-1]
        if isinstance(container, list):
            container.append(value)
            here: Path = (*path, len(container) - 1)
            self.lines[here] = line
            return here
        key = self._key[-1]
        container[str(key)] = value
        self._key[-1] = None
        return (*path, str(key))

    def _add(self, value: str | None, line: int) -> None:
        self._place(value, line)

    def _open(self, container: dict[str, Any] | list[Any], line: int) -> None:
        if len(self._stack) >= DEPTH_LIMIT:
            raise _refused("too_deep", _("The file is nested too deeply."), line)
        path = self._place(container, line)
        self._stack.append((container, path))
        self._key.append(None)


def _refused(code: str, message: str, line: int | None = None, action: str = "") -> ProfileError:
    return ProfileError([Problem(code, message, line=line, action=action)])


class _Quoted(str):
    """A text that is written between double quotes, so that every YAML reader takes it as text."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def dump(data: Mapping[str, Any], header: str = "") -> str:
    """YAML text of plain data: keys bare and in their order, every text quoted, UTF-8, one line end (LF)."""
    body = yaml.dump(
        _quoted(data),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=2**31,
        default_flow_style=False,
    )
    return header + str(body)


def _quoted(value: Any) -> Any:
    match value:
        case str():
            return _Quoted(value)
        case Mapping():
            return {str(key): _quoted(item) for key, item in value.items()}
        case list() | tuple():
            return [_quoted(item) for item in value]
        case _:
            return value
