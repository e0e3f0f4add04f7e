"""Numbers, dates and lists as each language writes them, and texts that are said again in another one."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from tests import i18n as catalogues
from wizard import i18n, settings
from wizard.checklist.check import Outcome, fail
from wizard.checklist.redact import without
from wizard.isolated.child import reply

DAYS = {"pt_BR": "dd/MM/yyyy", "es": "dd/MM/yyyy", "en": "MMM d, y"}
CODES = {
    # placeholders that hold numbers which are no amounts: codes, ports, sizes of one digit, places
    "after", "before", "bits", "chosen", "code", "day", "exactly", "first", "id", "item", "last", "level", "line",
    "now", "number", "of", "other", "own", "pid", "port", "size", "status", "total", "type", "version",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english_again():
    yield
    i18n.use("en")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@given(value=st.integers(-(10**9), 10**9))
def test_a_whole_number_is_written_as_the_language_does(language: str, value: int) -> None:
    i18n.use(language)
    assert i18n.number(value) == format_decimal(value, locale=language)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@given(value=st.integers(-(10**8), 10**8).map(lambda cents: cents / 100))
def test_a_fraction_is_written_as_the_language_does(language: str, value: float) -> None:
    i18n.use(language)
    assert i18n.number(value, 2) == format_decimal(value, "#,##0.00", locale=language) or abs(value) < 10_000
    assert (
        i18n.number(value, 2).replace(i18n.HABITS[language].group, "").replace(i18n.HABITS[language].decimal, ".")
        == f"{value:.2f}"
    )


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("share", [0, 0.01, 0.25, 0.494, 1, 5.66])
def test_percent_is_written_as_the_language_does(language: str, share: float) -> None:
    i18n.use(language)
    assert i18n.percent(share) == format_percent(share, locale=language)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@given(value=st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_date_is_written_as_the_language_does(language: str, value: date) -> None:
    i18n.use(language)
    assert i18n.day(value) == format_date(value, DAYS[language], locale=language)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("names", [[], ["a"], ["a", "b"], ["a", "b", "c"]])
def test_a_list_is_written_as_the_language_does(language: str, names: list[str]) -> None:
    i18n.use(language)
    assert i18n.listed(names) == format_list(names, locale=language)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_language_is_called_as_its_speakers_call_it(language: str) -> None:
    name = Locale.parse(language).get_display_name(language)
    assert i18n.HABITS[language].name.casefold() == name.casefold()


@pytest.mark.parametrize(("language", "shown"), [("pt_BR", "718.057"), ("en", "718,057"), ("es", "718.057")])
def test_an_amount_in_a_sentence_is_written_as_the_language_does(language: str, shown: str) -> None:
    i18n.use(language)
    assert shown in _("Rows copied: {count}.").format(count=718057)
    assert "718057" in _("Choose size {size}.").format(size=718057), "no amount"
    assert "8080" in _("[{section}]: port {port}.").format(section="HTTP", port=8080)
    assert "1=2400" in _("  {count} references would be renumbered; confirm with --confirm {type}={exactly}.").format(
        count=2400, exactly=2400, type=1
    )


def test_every_placeholder_of_an_amount_is_one_of_the_texts() -> None:
    names = {
        part.partition(":")[0]
        for message in catalogues.extracted()
        for text in catalogues.texts_of(message)
        for part in catalogues.placeholders(text) or ()
    }
    assert sorted(i18n.AMOUNTS - names) == []
    assert sorted(CODES - names) == []
    assert not i18n.AMOUNTS & CODES


WHEN = datetime(2026, 11, 21, 19, 30, 15, tzinfo=UTC)


def made() -> list[str]:
    """Texts of every kind, in the language in force."""
    return [
        _("Company"),
        _("The DSN {name} exists.").format(name=_("Company")),
        _("Rows copied: {count}.").format(count=718057),
        _("The result is of {day}.").format(day=WHEN),
        _("The certificate of the server ends on {until}.").format(until=WHEN.date()),
        i18n.number(12345.5),
        i18n.number(0.25, 1),
        i18n.percent(0.004),
        i18n.percent(0.125, 2),
        i18n.day(WHEN),
        i18n.moment(WHEN),
        i18n.instant(WHEN),
        i18n.listed([_("Company"), "x", _("Database")]),
        i18n.sentences(_("All checks passed."), "", _("Rows copied: {count}.").format(count=1)),
        "no text of the catalogue",
    ]


@pytest.mark.parametrize("way", ["again", "retold", "json", "pickle", "copy"])
def test_a_text_is_said_again_in_every_language(way: str) -> None:
    wanted = {}
    for language in i18n.LANGUAGES:
        i18n.use(language)
        wanted[language] = made()
    i18n.use("en")
    texts = made()
    line = json.dumps(i18n.packed({"texts": texts}))
    for language in ("es", "pt_BR", "en", "es"):
        i18n.use(language)
        match way:
            case "again":
                found = [i18n.again(text) for text in texts]
            case "retold":
                found = i18n.retold({"a": tuple(texts)})["a"]
                texts = found
            case "json":
                found = json.loads(line, object_hook=i18n.unpacked)["texts"]
            case "pickle":
                found = [i18n.again(text) for text in pickle.loads(pickle.dumps(texts))]  # noqa: S301 - ours
            case _:
                found = [i18n.again(text) for text in copy.deepcopy(texts)]
        assert list(found) == wanted[language]


def test_what_a_child_answers_can_be_said_again() -> None:
    outcome = fail("a.b", _("Rows copied: {count}.").format(count=5000), _("Close it there and try again."))
    line = json.loads(reply(outcome.to_json), object_hook=i18n.unpacked)
    told = Outcome(**line["answer"])
    assert told == outcome
    i18n.use("es")
    assert i18n.retold(told).message == "Filas copiadas: 5.000."
    assert i18n.retold(told).hint == "Ciérrelo allí e intente de nuevo."


def test_a_secret_is_in_no_form_of_a_cleaned_text() -> None:
    secret = "Geheim-7-Wort"
    message = _("The server answered with HTTP {status}: {answer}").format(status=500, answer=f"pwd={secret} no")
    clean = without(Outcome("fail", "a.b", message), [secret], [])
    assert clean.message == message.replace(secret, "***")
    assert secret not in json.dumps(i18n.packed(clean.to_json())) + repr(i18n.packed(clean.message))
    i18n.use("es")
    assert i18n.retold(clean).message == "El servidor respondió con HTTP 500: pwd=*** no"


def test_settings_survive_and_never_stop_the_program(home: Path) -> None:
    assert settings.read() == {}
    assert settings.keep("language", "es")
    assert settings.keep("other", [1])
    assert settings.read() == {"language": "es", "other": [1]}
    for damaged in (b"", b"{", b"[1]", b"\xff\xfe"):
        settings.file().write_bytes(damaged)
        assert settings.read() == {}
    settings.file().unlink()
    settings.file().mkdir()
    assert settings.read() == {}
    assert not settings.keep("language", "pt_BR")
    assert [path.name for path in settings.file().parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("kept", ["xx", 5, None, ["es"]])
def test_a_language_that_is_none_is_portuguese(kept: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.keep("language", kept)
    monkeypatch.setenv("APS_LANG", "")
    assert i18n.use() == "pt_BR"
