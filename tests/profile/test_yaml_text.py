"""YAML is read as text, and what could change a value or hide one is refused with its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.profile.samples import MINIMAL, problems_of
from wizard.profile import yaml_text
from wizard.profile.errors import Problem
from wizard.profile.load import profile_from_text
from wizard.profile.yaml_text import DEPTH_LIMIT, SIZE_LIMIT, decode, dump, parse, path_text

LOADERS = (yaml.CSafeLoader, yaml.SafeLoader)


@pytest.fixture(params=LOADERS, ids=["libyaml", "pure"])
def _each_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML without libyaml has a reader of its own; both have to refuse the same."""
    monkeypatch.setattr(yaml_text, "_LOADER", request.param)


each_reader = pytest.mark.usefixtures("_each_reader")


def problem_of(call: Callable[[], object]) -> Problem:
    (problem,) = problems_of(call)
    return problem


@each_reader
@pytest.mark.parametrize(
    "scalar",
    ["no", "yes", "on", "true", "01", "0123", "1", "1e3", "12:30", "12:30:45", "0x1F", "1_000", ".inf", "2026-01-31"],
)
def test_an_unquoted_scalar_stays_the_text_that_was_typed(scalar: str) -> None:
    assert parse(f"a: {scalar}\nb: [{scalar}]\n").data == {"a": scalar, "b": [scalar]}


@each_reader
@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_is_none_and_quoted_it_is_text(nothing: str) -> None:
    text = f"a: {nothing}\nb: \"{nothing}\"\nc: '{nothing}'\n"
    assert parse(text).data == {"a": None, "b": nothing, "c": nothing}


@each_reader
@pytest.mark.parametrize("word", ["Null", "NULL", "none", "None"])
def test_other_words_for_nothing_are_text(word: str) -> None:
    assert parse(f"a: {word}").data == {"a": word}


def test_block_texts_keep_their_lines() -> None:
    assert parse("a: |-\n  um\n  no\nb: >-\n  um\n  dois\n").data == {"a": "um\nno", "b": "um dois"}


def test_every_value_knows_its_line() -> None:
    document = parse("a: 1\n\nb:\n  # comment\n  c:\n    - x\n    - d: y\n")
    assert document.lines == {
        ("a",): 1,
        ("b",): 3,
        ("b", "c"): 5,
        ("b", "c", 0): 6,
        ("b", "c", 1): 7,
        ("b", "c", 1, "d"): 7,
    }


def test_a_path_is_written_as_people_write_it() -> None:
    assert path_text(("grades", "types", 0, "size")) == "grades.types[0].size"
    assert path_text(()) == ""


@each_reader
def test_a_duplicate_key_names_both_lines() -> None:
    problem = problem_of(lambda: parse("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n"))
    assert (problem.code, problem.path, problem.line) == ("duplicate_key", "b.c", 5)
    assert "line 3" in problem.message


def test_the_same_key_in_two_sections_is_no_duplicate() -> None:
    assert parse("a: {x: 1}\nb: {x: 2}\nc: [{x: 3}, {x: 4}]").data["c"] == [{"x": "3"}, {"x": "4"}]


@each_reader
@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: *x\n", "alias", 2),
        ("a: &x 1\n", "alias", 1),
        ("a: &x {b: 1}\n", "alias", 1),
        ("&x a: 1\n", "alias", 1),
        ("a: 1\nb: !!int 2\n", "tag", 2),
        ("a: !python/object:os.system {}\n", "tag", 1),
        ("a: !senha x\n", "tag", 1),
        ("b: &base {x: 1}\na:\n  <<: *base\n", "alias", 1),
        ("a: 1\n---\nb: 2\n", "two_documents", 2),
        ("a: 1\n...\n---\n", "two_documents", 3),
        ("? [a]\n: 1\n", "key_not_text", 1),
        ("? {a: b}\n: 1\n", "key_not_text", 1),
        ('a: 1\n"b\\e[2J": 1\n', "key_not_text", 2),
        ("a:\n\t- 1\n", "yaml_syntax", 2),
        ("a: 1\n b: 2\n", "yaml_syntax", 2),
        ("a: [1\n", "yaml_syntax", 2),
        ('a: "1\n', "yaml_syntax", 2),
        ("a: 1\nsenha\n", "yaml_syntax", 3),
        ("a: @x\n", "yaml_syntax", 1),
        ("- a\n", "not_a_mapping", 1),
        ("a\n", "not_a_mapping", 1),
        ("", "not_a_mapping", 1),
        ("# só um comentário\n", "not_a_mapping", 1),
        ("---\n...\n", "not_a_mapping", 1),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    problem = problem_of(lambda: parse(text))
    assert (problem.code, problem.line) == (code, line)


@each_reader
def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert parse("a: {<<: {x: 1}}").data == {"a": {"<<": {"x": "1"}}}


@each_reader
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ufffe", "\ud800"])
def test_a_control_character_is_refused_with_its_line(character: str) -> None:
    problem = problem_of(lambda: parse(f"a: 1\nb: x{character}y\n"))
    assert (problem.code, problem.line) == ("yaml_character", 2)


@each_reader
@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000"])
def test_an_escape_beyond_unicode_is_refused(escape: str) -> None:
    assert problem_of(lambda: parse(f'a: "{escape}"')).code in ("yaml_syntax", "yaml_character")


def test_nesting_is_allowed_up_to_the_limit() -> None:
    def nested(levels: int) -> str:
        return "a: " + "[" * (levels - 1) + "]" * (levels - 1)

    parse(nested(DEPTH_LIMIT))
    assert problem_of(lambda: parse(nested(DEPTH_LIMIT + 1))).code == "too_deep"


@each_reader
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
def test_a_hundred_thousand_levels_are_refused_at_once(opening: str) -> None:
    start = time.thread_time()
    problem = problem_of(lambda: parse("a:\n  " + opening * 100_000))
    refused = time.thread_time() - start
    assert (problem.code, problem.line) == ("too_deep", 2)
    start = time.thread_time()
    parse("a:\n" + "  - x\n" * 50_000)
    assert refused < time.thread_time() - start, "than half as many are read side by side"


def test_a_file_is_read_up_to_the_size_limit() -> None:
    start = b"a: 1\n#"
    assert parse(decode(start + b"x" * (SIZE_LIMIT - len(start)))).data == {"a": "1"}
    assert problem_of(lambda: decode(b"x" * (SIZE_LIMIT + 1))).code == "too_large"


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    text = decode(b"\xef\xbb\xbfversion: 1\n")
    assert text == "version: 1\n"
    assert parse("\ufeff" + text).data == {"version": "1"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_utf_16_file_is_refused(encoding: str) -> None:
    problem = problem_of(lambda: parse(decode(MINIMAL.encode(encoding))))
    assert problem.code in ("encoding", "yaml_character")


def test_a_cp1252_file_is_refused_with_the_line_of_the_first_accent() -> None:
    problem = problem_of(lambda: decode("a: 1\nb: 2\nnome: São Paulo\n".encode("cp1252")))
    assert (problem.code, problem.line) == ("encoding", 3)
    assert "UTF-8" in problem.action


def test_windows_line_ends_change_neither_values_nor_lines() -> None:
    document = parse("a: x\r\nb: |-\r\n  um\r\n  dois\r\nc:\r\n  d: y\r\n")
    assert document.data == {"a": "x", "b": "um\ndois", "c": {"d": "y"}}
    assert document.lines[("c", "d")] == 6


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = TEXTS.filter(str.isprintable)
NESTED = st.dictionaries(
    KEYS,
    st.recursive(
        TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
    ),
    min_size=1,
    max_size=5,
)


@given(NESTED)
@example({"a": "no", "b": ["01", "~", "", "null", "12:30", " x ", "\u2028", "\x85", "\ufeff", "\U0001f600"]})
@example({"no": "1", "~": "2", "": "3", "<<": "4", "2026-01-31": "5", "k" * 300: "6"})
def test_any_nested_texts_survive_writing_and_reading(data: dict[str, Any]) -> None:
    assert parse(dump(data)).data == data


@given(NESTED)
def test_every_yaml_reader_takes_what_is_written_as_the_same_texts(data: dict[str, Any]) -> None:
    assert yaml.safe_load(dump(data)) == data


@given(NESTED)
def test_every_text_is_written_between_double_quotes(data: dict[str, Any]) -> None:
    expects_key: list[bool | None] = []
    styles = []
    for event in yaml.parse(dump(data), Loader=yaml.CSafeLoader):
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                _turn(expects_key)
                expects_key.append(True if isinstance(event, yaml.MappingStartEvent) else None)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                expects_key.pop()
            case yaml.ScalarEvent():
                if not expects_key[-1]:
                    styles.append(event.style)
                _turn(expects_key)
    assert set(styles) <= {'"'}


def _turn(expects_key: list[bool | None]) -> None:
    if expects_key and expects_key[-1] is not None:
        expects_key[-1] = not expects_key[-1]


def test_numbers_and_switches_are_written_bare_and_keys_in_their_order() -> None:
    text = dump({"b": 1, "a": True, "c": [4], "d": None, "e": [], "f": {}}, "# topo\n")
    assert text == "# topo\nb: 1\na: true\nc:\n  - 4\nd: null\ne: []\nf: {}\n"


PIECES = [
    "a",
    ": ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "!x ",
    "|\n",
    ">-\n",
    '"',
    "'",
    "#",
    "---\n",
]
PIECES += ["...\n", "%YAML 1.1\n", "? ", "\t", "\x00", "\ufeff", "~", "<<", "\\x", "grades:\n  types:\n  - ", "size: "]
PIECES += ["notes: ", "9" * 5000, "-1", "\u2028", "\x85", *MINIMAL.splitlines(keepends=True)]
FRAGMENTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@pytest.mark.parametrize("loader", LOADERS, ids=["libyaml", "pure"])
@given(raw=st.binary(max_size=300) | st.text(max_size=200).map(str.encode) | FRAGMENTS.map(str.encode))
def test_no_file_brings_anything_but_a_profile_or_a_profile_error(loader: Any, raw: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_text, "_LOADER", loader)
        problems = problems_of(lambda: profile_from_text(decode(raw)))
    assert all(problem.code and problem.message for problem in problems)


@given(st.text(st.characters(), max_size=100))
def test_no_text_brings_anything_but_data_or_a_profile_error(text: str) -> None:
    assert all(problem.code for problem in problems_of(lambda: parse("a: 1\n" + text)))
