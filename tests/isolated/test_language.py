"""A child speaks the language of its parent: its sentences are shown to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard import i18n
from wizard.checklist.check import Subject
from wizard.isolated.host import Job
from wizard.profile.load import profile_from_text

PROFILE = """
version: 1
name: Matriz
environment: test
company: {logix: "01", site: "01"}
database: {kind: sqlite, file: nowhere.sqlite}
webservice: {url: http://localhost/ws}
"""


@pytest.mark.parametrize(("language", "words"), [("en", "does not exist"), ("pt_BR", "não existe")])
def test_the_sentences_of_a_child_are_in_the_chosen_language(
    language: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_LANG", language)
    i18n.use()
    subject = Subject(profile_from_text(PROFILE), tmp_path / "matriz.yaml")
    request = {"check": "database.reachable", "subject": subject.to_json()}
    ending = Job("wizard.checklist.run:in_child", request, 30).run()
    assert words in ending.answer["message"]
