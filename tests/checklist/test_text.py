"""Results as lines that a console of cp850 can show."""

from __future__ import annotations

from wizard.checklist.check import Outcome, Status
from wizard.checklist.registry import checks
from wizard.checklist.run import Result
from wizard.checklist.text import MARKS, diagnostics_text, results_text


def result(id_: str, status: Status, message: str, hint: str = "") -> Result:
    return Result(checks()[id_], Outcome(status, "a.b", message, hint), 1234)


def test_each_result_is_a_line_and_the_hint_follows_what_is_wrong() -> None:
    text = results_text(
        [result("profile.valid", "ok", "Fine.", "Nobody asked."), result("aps.store", "fail", "No.", "Do.")]
    )
    assert text.splitlines() == [
        "OK  Profile      1.2 s  Fine.",
        " X  APS store    1.2 s  No.",
        "                        Do.",
    ]


def test_the_marks_are_ascii_and_every_status_has_one() -> None:
    assert MARKS.keys() == {"ok", "warn", "fail", "skipped", "crashed"}
    assert all(mark.isascii() for mark in MARKS.values())


def test_what_a_server_says_cannot_steer_the_terminal() -> None:
    said = "\x1b[2J\x1b]0;owned\x07\nOK  Database login"
    bad = Result(checks()["aps.store"], Outcome("fail", "a.b", said, said, {"original": said}), 5)
    text = diagnostics_text([bad])
    assert not {"\x1b", "\x07"}.intersection(text)
    assert "\\u001b[2J" in text
    assert [line for line in text.splitlines() if line.startswith("OK")] == []


def test_no_results_are_no_lines() -> None:
    assert results_text([]) == ""


def test_diagnostics_add_code_and_details_of_what_is_not_well() -> None:
    bad = Result(checks()["aps.store"], Outcome("fail", "a.b", "No.", "Do.", {"original": "words", "none": ""}), 5)
    lines = diagnostics_text([result("profile.valid", "ok", "Fine."), bad]).splitlines()
    assert lines[0].startswith("aps-wizard ")
    assert lines[-2].startswith("aps.store: a.b (20")
    assert lines[-1] == "    Original text: words"
