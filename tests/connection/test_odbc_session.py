"""Connection strings: any value arrives as it is, and none smuggles in another keyword."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wizard.connection.odbc_session import connection_string


def parsed(text: str) -> list[tuple[str, str]]:
    """A connection string as ODBC's grammar reads it: braces quote, a doubled closing brace is one."""
    pairs = []
    position = 0
    while position < len(text):
        equals = text.index("=", position)
        name, position = text[position:equals], equals + 1
        value = ""
        if text[position : position + 1] == "{":
            position += 1
            while True:
                end = text.index("}", position)
                value += text[position:end]
                position = end + 1
                if text[position : position + 1] != "}":
                    break
                value += "}"
                position += 1
            assert text[position : position + 1] in ("", ";")
        else:
            end = text.find(";", position)
            end = len(text) if end < 0 else end
            value, position = text[position:end], end
            assert value == value.strip()
        pairs.append((name, value))
        position += 1
    return pairs


@given(
    st.dictionaries(
        st.sampled_from(["DSN", "UID", "PWD", "SERVER", "DATABASE"]),
        st.one_of(st.text(alphabet="};{=[]() a'\"\\", max_size=12), st.text(st.characters(codec="utf-8"), max_size=20)),
    )
)
def test_any_value_is_read_back_by_the_rules_of_odbc(parts: dict[str, str]) -> None:
    assert parsed(connection_string(parts)) == list(parts.items())


def test_a_value_cannot_smuggle_in_another_keyword() -> None:
    text = connection_string({"DSN": "LOGIX", "PWD": "x};DRIVER={evil"})
    assert parsed(text) == [("DSN", "LOGIX"), ("PWD", "x};DRIVER={evil")]


def test_plain_values_stand_bare_and_what_is_not_set_is_left_out() -> None:
    parts = {"DSN": "LOGIX SP", "UID": None, "PWD": "abc-1", "PORT": 1433}
    assert connection_string(parts) == "DSN=LOGIX SP;PWD=abc-1;PORT=1433"
