"""The report: one file by itself, escaped throughout, in both languages, without a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from lxml import html as lxml_html

from tests.checklist.conftest import Make
from wizard import __version__, i18n
from wizard.checklist import confirmations, registry, report
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.confirmations import Confirmations
from wizard.checklist.items import ITEMS
from wizard.checklist.registry import checks
from wizard.checklist.run import Result, Run
from wizard.checklist.share import profile_text, visible
from wizard.checklist.standing import OVERALL_WORDS, Standing, stand
from wizard.flow import verify
from wizard.flow.state import State
from wizard.profile.load import profile_to_data

AT = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</td></table></section><h1>All passed</h1>",
    "</style></title></pre><iframe src=http://evil/></iframe>",
    "{{ 7*7 }}{% for x in [1] %}{{ cycler.__init__.__globals__ }}{% endfor %}",
    "&lt;b&gt;&#60;i&#62;",
    "<!-- x",
    "]]><![CDATA[",
    "javascript:alert(1)",
    "a' onmouseover='alert(1)",
]
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "table", "tr", "th", "td",
    "section", "div", "span", "strong", "br", "pre", "svg", "path", "circle", "tbody",
}  # fmt: skip


def all_hostile(subject: Subject, text: str) -> tuple[Standing, ...]:
    """The same hostile text in every field of every result and every confirmation."""
    outcomes = [
        Outcome(status, text, text, text, {text: text, "server": text, "driver": text})  # type: ignore[arg-type]
        for status in ("ok", "warn", "fail", "skipped", "crashed")
    ]
    results = {
        id_: Result(replace(check, title=text), outcomes[index % 5], 5)
        for index, (id_, check) in enumerate(checks().items())
    }
    said = [
        confirmations.Confirmation(
            item=item.id, by=text.strip(), at=AT, evidence=text, covers=item.covers, inputs="0" * 64, program="1"
        )
        for item in ITEMS
        if item.ask
    ]
    return stand(subject.profile, results, Confirmations(confirmations=tuple(said)))


def parsed(text: str) -> etree._Element:
    return lxml_html.document_fromstring(text)


def shape(tree: etree._Element) -> list[tuple[str, tuple[str, ...]]]:
    return [(node.tag, tuple(sorted(node.attrib))) for node in tree.iter() if isinstance(node.tag, str)]


@pytest.fixture
def subject(make: Make) -> Subject:
    return make(database={"kind": "informix", "dsn": "LOGIX"})


# --- markup ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_anybody_becomes_markup(make: Make, text: str) -> None:
    sections = {"name": text[:60].strip(), "notes": text}
    hostile = make(**sections, database={"kind": "informix", "dsn": "LOGIX", "server": text})
    harmless = make(name="x", notes="x", database={"kind": "informix", "dsn": "LOGIX", "server": "x"})
    page = parsed(report.html(hostile.profile, text, all_hostile(hostile, text), AT))
    plain = parsed(report.html(harmless.profile, "x", all_hostile(harmless, "x"), AT))
    assert shape(page) == shape(plain), "the same elements with the same attributes as without it"
    assert {node.tag for node in page.iter() if isinstance(node.tag, str)} <= ALLOWED
    assert not [node for node in page.iter() if node.tag is etree.Comment]
    assert not [
        name for node in page.iter() for name in node.attrib if name.startswith("on") or name in ("src", "href")
    ]
    told = page.xpath("string(/html/body)")
    assert told.count(text) > 40, "and it is told as it is"


def test_an_unescaped_value_would_be_seen_by_this_test(subject: Subject) -> None:
    from markupsafe import Markup

    hostile = Markup("<img src=x onerror=alert(1)>")
    page = parsed(report.html(subject.profile, hostile, all_hostile(subject, "x"), AT))
    assert page.xpath("//img/@onerror") == ["alert(1)"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred", "a\\u001b[31mred"),
        ("a\x00b", "a\\u0000b"),
        ("abc\u202etxt.exe", "abc\\u202etxt.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("half\ud800", "half\\ud800"),
        ("line\r\nbreak\ttab", "line\nbreak\ttab"),
        ("São Paulo €", "São Paulo €"),
    ],
)
def test_what_cannot_be_seen_is_told_by_its_number(subject: Subject, text: str, shown: str) -> None:
    assert visible(text) == shown
    page = report.html(
        subject.profile, "f", all_hostile(subject, text) if text.isprintable() else _banner(subject, text), AT
    )
    assert shown in parsed(page).xpath("string(/html/body)")
    page.encode()


def _banner(subject: Subject, text: str) -> tuple[Standing, ...]:
    found = {id_: Result(check, Outcome("fail", "x", text, text), 5) for id_, check in checks().items()}
    return stand(subject.profile, found, Confirmations())


def test_a_banner_of_a_megabyte_is_cut(subject: Subject) -> None:
    page = report.html(subject.profile, "f", _banner(subject, "<b>" * 350_000), AT)
    assert len(page) < 5_000_000
    assert "[...]" in page


def test_an_image_of_the_program_is_the_only_markup_that_is_not_escaped(subject: Subject) -> None:
    page = report.html(subject.profile, "f", all_hostile(subject, "x"), AT)
    for svg in re.findall("<svg.*?</svg>", page, re.DOTALL):
        assert re.fullmatch(r"<svg[^<]*(<(path|circle)[^<]*/>)+</svg>", svg.replace("\n", "")), svg


# --- by itself ---------------------------------------------------------------------------------


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(subject: Subject) -> None:
    page = parsed(report.html(subject.profile, "f", all_hostile(subject, "x"), AT))
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert page.xpath("//script | //link | //img | //iframe | //object | //form | //a") == []
    (style,) = page.xpath("//style/text()")
    assert "url(" not in style
    assert "@import" not in style


def test_it_is_made_for_paper_of_a4(subject: Subject) -> None:
    (style,) = parsed(report.html(subject.profile, "f", all_hostile(subject, "x"), AT)).xpath("//style/text()")
    assert "@page { size: A4;" in style
    assert "@media print" in style


# --- content -----------------------------------------------------------------------------------


def told(page: str) -> Mapping[str, str]:
    rows = parsed(page).xpath("//table[@class='facts']//tr")
    return {row.xpath("string(th)"): row.xpath("string(td)") for row in rows}


def proved(subject: Subject) -> tuple[Standing, ...]:
    found = Run(subject, registry.chosen()).run()
    return stand(subject.profile, {result.check.id: result for result in found.results}, Confirmations())


@pytest.mark.seed("R-CHK-01", "R-CHK-02", "R-CHK-03")
def test_the_report_of_the_demo_site_tells_who_where_when_and_with_what(make: Make, site: object) -> None:
    subject = make()
    page = report.html(subject.profile, str(subject.file), proved(subject), AT)
    facts = told(page)
    assert facts["Customer"] == "Serra Azul"
    assert facts["Company"] == "01 - Company 01 is Confecções Serra Azul Ltda."
    assert facts["Environment"] == "Testing"
    assert facts["Web service"] == subject.profile.webservice.url
    assert facts["Checked"] == i18n.moment(AT)
    assert facts["Program"] == f"aps-wizard {__version__}"
    body = parsed(page).xpath("string(/html/body)")
    assert "SQLite 3." in body
    assert "sqlite3 (Python" in body
    ids = parsed(page).xpath("//section/@id")
    assert ids == [f"item-{item.id}" for item in ITEMS]
    for section in parsed(page).xpath("//section"):
        assert section.xpath("string(.//span[contains(@class, 'state')])").strip(), "icon and word"
        assert section.xpath(".//span[contains(@class, 'state')]/svg")


def test_each_item_is_told_with_result_cause_action_and_evidence(make: Make, tmp_path: Path) -> None:
    subject = make(database={"kind": "sqlite", "file": str(tmp_path / "missing.sqlite")})
    confirmations.confirm(subject.file, subject.profile, "licences", "Ana Lima", "seen in the License Server")
    found = Run(subject, registry.chosen()).run()
    known = confirmations.read(subject.file).confirmations
    standings = stand(subject.profile, {result.check.id: result for result in found.results}, known)
    page = parsed(report.html(subject.profile, "f", standings, AT))
    text = page.xpath("string(//section[@id='item-parameters'])")
    assert f"The database file {tmp_path / 'missing.sqlite'} does not exist." in text
    assert "What to do: Check the path; a relative one starts at the profile's folder." in text
    assert "failed" in page.xpath("string(//section[@id='item-parameters']//span[contains(@class, 'state')])")
    assert "Confirmed by Ana Lima on " in page.xpath("string(//section[@id='item-licences'])")
    assert "seen in the License Server" in page.xpath("string(//section[@id='item-licences'])")
    stale = subject.profile.model_copy(update={"environment": "production"})
    page = parsed(report.html(stale, "f", stand(stale, {}, known), AT))
    text = page.xpath("string(//section[@id='item-licences'])")
    assert "to be confirmed again" in text
    assert "Evidence: seen in the License Server" in text
    assert OVERALL_WORDS["open"] in page.xpath("string(/html/body)")


def test_a_report_of_what_nobody_checked_names_no_day(make: Make, tmp_path: Path) -> None:
    state = State(tmp_path, data=profile_to_data(make().profile))
    verify.save_report(state, verify.standings(state, Confirmations()), None, tmp_path / "r.html")
    rows = parsed((tmp_path / "r.html").read_text("utf-8")).xpath("//table[@class='facts']//tr")
    facts = {row.xpath("string(th)"): row.xpath("string(td)") for row in rows}
    assert facts["Checked"] == "not yet"


def test_its_parts_are_headed(subject: Subject) -> None:
    page = parsed(report.html(subject.profile, "f", all_hostile(subject, "x"), AT))
    assert page.xpath("//h1/text() | //h2/text()") == [
        "Support checklist: Serra Azul",
        "Items",
        "Versions",
        "Profile, without passwords",
    ]


@pytest.mark.parametrize(("language", "word"), [("pt_BR", "pt-BR"), ("en", "en")])
def test_it_is_told_in_the_language_in_force(subject: Subject, language: str, word: str) -> None:
    i18n.use(language)
    page = parsed(report.html(subject.profile, "f", all_hostile(subject, "x"), AT))
    assert page.get("lang") == word
    text = page.xpath("string(/html/body)")
    assert ("Produção" in text or "Teste" in text) is (language == "pt_BR")


def test_the_head_says_whose_report_it_is(make: Make) -> None:
    known = make(customer="Confecções Serra Azul Ltda.")
    page = parsed(report.html(known.profile, "f", (), AT))
    assert page.xpath("string(//h1)") == "Support checklist: Confecções Serra Azul Ltda."
    facts = dict(zip(page.xpath("//table[@class='facts']//th/text()"), page.xpath("//td/text()"), strict=False))
    assert facts["Customer"] == "Confecções Serra Azul Ltda."
    assert facts["Environment"] == "Testing"
    nobody = make()
    assert nobody.profile.name in report.html(nobody.profile, "f", (), AT)


def test_details_are_told_by_their_names_in_the_language_of_the_report(make: Make) -> None:
    subject = make()
    result = Result(checks()["database.login"], Outcome("fail", "x.y", "No.", "", {"original": "words"}), 5)
    page = report.html(subject.profile, "f", stand(subject.profile, {"database.login": result}, Confirmations()), AT)
    assert "Original text: words" in page


# --- no secret ---------------------------------------------------------------------------------


def test_the_profile_is_told_without_where_its_passwords_are(make: Make) -> None:
    subject = make(
        notes="senha=Canary-1 and PWD={Canary-2};x",
        database={"kind": "informix", "dsn": "LOGIX", "user": "aps", "password": "env:Canary_3"},
        webservice={"url": "http://h/ws", "user": "u", "password": "keyring:Canary-4", "key_password": "env:Canary_6"},
        aps={"url": "sqlite:///a.sqlite", "password": "dpapi:Canary-5"},
    )
    text = profile_text(subject.profile)
    assert 'password: "env"' in text
    assert 'password: "keyring"' in text
    page = report.html(subject.profile, "f", all_hostile(subject, "x"), AT)
    assert "Canary" not in page
    assert "notes" not in page, "anything may be in them"
