"""`aps-wizard check`: what it answers, its exit codes, its limits, and Ctrl+C."""

from __future__ import annotations

import shutil
import signal
import socket
import sys
from pathlib import Path

import psutil
import pytest

from tests.cli.calling import Command, answer, aps, start
from tests.patience import PATIENCE
from wizard.checklist.registry import checks
from wizard.demo.site import Site

ALL = list(checks())
KEYS = ["id", "status", "code", "title", "message", "hint", "elapsed_ms"]


def statuses(out: str) -> dict[str, str]:
    return {check["id"]: check["status"] for check in answer(out)["checks"]}


def point_at(profile: Path, server: socket.socket, command: Command) -> None:
    port = server.getsockname()[1]
    assert command("profile", "set", profile, f"webservice.url=http://127.0.0.1:{port}/ws").code == 0


# --- answers -----------------------------------------------------------------------------------


@pytest.mark.seed("R-CHK-02", "R-CFG-05")
def test_a_sound_site_passes_every_check_ends_with_0_and_nothing_is_written(
    command: Command, site: Site, profile: Path
) -> None:
    before = {path.name: path.read_bytes() for path in profile.parent.iterdir()}
    found = command("check", "serra-azul")
    assert (found.code, found.err) == (0, "")
    assert [line[:2] for line in found.out.splitlines()] == ["OK"] * len(ALL)
    assert {path.name: path.read_bytes() for path in profile.parent.iterdir()} == before


def test_the_json_has_exactly_the_shape_of_the_contract(command: Command, site: Site, profile: Path) -> None:
    found = command("check", profile, "--json")
    assert (found.code, found.err) == (0, "")
    report = answer(found.out)
    assert list(report) == ["profile", "status", "checks"]
    assert (report["profile"], report["status"]) == (str(profile), "ok")
    assert [check["id"] for check in report["checks"]] == ALL
    for check in report["checks"]:
        assert list(check) == KEYS
        assert all(isinstance(check[key], str) for key in KEYS[:-1])
        assert type(check["elapsed_ms"]) is int
        assert check["elapsed_ms"] >= 0
        assert check["title"]
        assert check["message"]


def test_a_failed_check_ends_with_1_and_says_what_to_do(
    command: Command, site: Site, profile: Path, tmp_path: Path
) -> None:
    assert command("profile", "set", profile, f"database.file={tmp_path / 'missing.sqlite'}").code == 0
    found = command("check", profile, "--json")
    assert (found.code, found.err) == (1, "")
    report = answer(found.out)
    assert report["status"] == "failed"
    by_id = {check["id"]: check for check in report["checks"]}
    assert by_id["database.reachable"]["status"] == "fail"
    assert by_id["database.reachable"]["code"] == "database.no_file"
    assert by_id["database.reachable"]["hint"]
    for skipped in ("database.login", "database.company", "grades.ctr_grade"):
        assert (by_id[skipped]["status"], by_id[skipped]["code"]) == ("skipped", "needs_failed")
    # What does not need the database is still told.
    assert by_id["webservice.reachable"]["status"] == "ok"


def test_the_table_marks_a_failure_and_shows_its_hint(
    command: Command, site: Site, profile: Path, tmp_path: Path
) -> None:
    assert command("profile", "set", profile, f"database.file={tmp_path / 'missing.sqlite'}").code == 0
    found = command("check", profile, "--only", "database.login")
    assert found.code == 1
    lines = found.out.splitlines()
    assert [line[:22].rstrip() for line in lines] == [
        "OK  Profile",
        "OK  Server name known",
        " X  Database reachable",
        "",
        "OK  Driver loads",
        " -  Database login",
    ]
    assert lines[3].strip() == "Check the path; a relative one starts at the profile's folder."


@pytest.mark.seed("R-CFG-05")
def test_a_service_that_is_not_published_fails_and_is_named(command: Command, site: Site, profile: Path) -> None:
    assert command("profile", "set", profile, "webservice.purchase_order.name=NOSUCHSERVICE").code == 0
    found = command("check", profile, "--only", "webservice.purchase_order", "--json")
    assert found.code == 1
    last = answer(found.out)["checks"][-1]
    assert (last["id"], last["code"]) == ("webservice.purchase_order", "webservice.service_missing")
    assert "NOSUCHSERVICE" in last["message"]


@pytest.mark.seed("R-GEN-05")
def test_a_warning_does_not_fail_the_command(command: Command, site: Site, profile: Path) -> None:
    assert command("profile", "set", profile, "company.logix=a1").code == 0
    found = command("check", profile, "--only", "profile.valid", "--json")
    assert found.code == 0
    assert answer(found.out)["checks"][0]["code"] == "profile.lower_case"


@pytest.mark.seed("R-GEN-02")
def test_two_profiles_that_share_an_aps_store_fail(command: Command, site: Site, profile: Path) -> None:
    url = "aps.url=sqlite:///serra-azul.aps.sqlite"
    assert command("profile", "duplicate", profile, "--name", "Filial", "--company", "02").code == 0
    assert command("profile", "set", "filial", url).code == 0
    found = command("check", profile, "--only", "aps.store", "--json")
    assert found.code == 1
    assert answer(found.out)["checks"][-1]["code"] == "aps.shared"


@pytest.mark.seed("R-PRE-10", "R-CHK-03")
@pytest.mark.parametrize(("enabled", "code"), [("true", "grades.not_imported"), ("false", "grades.unused")])
def test_grades_have_to_be_imported_only_where_they_are_used(
    command: Command, site: Site, profile: Path, enabled: str, code: str
) -> None:
    assert command("profile", "duplicate", profile, "--name", "Filial", "--company", "01").code == 0
    assert command("profile", "set", "filial", f"grades.enabled={enabled}").code == 0
    found = command("check", "filial", "--only", "grades.sizes", "--json")
    assert found.code == (1 if enabled == "true" else 0)
    assert answer(found.out)["checks"][-1]["code"] == code


# --- a choice of checks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "run"),
    [
        (["profile.valid"], {"profile.valid"}),
        (["grades.sizes"], {"profile.valid", "grades.sizes"}),
        (
            ["database.company"],
            {
                "profile.valid",
                "database.address",
                "database.reachable",
                "database.driver",
                "database.login",
                "database.company",
            },
        ),
        (["profile.valid", "grades.sizes"], {"profile.valid", "grades.sizes"}),
        (["grades.sizes", "grades.sizes"], {"profile.valid", "grades.sizes"}),
        (ALL, set(ALL)),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) and len(value) < 5 else "",
)
def test_only_the_named_checks_run_and_what_they_need(
    command: Command, site: Site, profile: Path, only: list[str], run: set[str]
) -> None:
    options = [word for id_ in only for word in ("--only", id_)]
    # A generous limit changes nothing.
    found = command("check", profile, *options, "--json", "--timeout", "60")
    assert found.code == 0
    assert list(statuses(found.out)) == [id_ for id_ in ALL if id_ in run]


@pytest.mark.parametrize("options", [["--only", "nothing"], ["--only", "profile.valid", "--only", "Profile.Valid"]])
def test_an_unknown_check_is_a_wrong_call_that_names_the_known_ones(
    command: Command, profile: Path, options: list[str]
) -> None:
    found = command("check", profile, *options)
    assert (found.code, found.out) == (2, "")
    assert options[-1] in found.err
    assert all(id_ in found.err for id_ in ALL)
    assert found.err.count("\n") == 1


def test_a_result_file_that_would_not_be_written_is_a_wrong_call(
    command: Command, profile: Path, tmp_path: Path
) -> None:
    found = command("check", profile, "--out", tmp_path / "r.json")
    assert (found.code, found.out) == (2, "")
    assert "--as-engine" in found.err


def test_the_process_ends_with_the_code_of_the_command(site: Site, profile: Path) -> None:
    assert aps("check", profile, "--only", "database.reachable").returncode == 0
    shutil.move(site.database, site.database.with_name("away.sqlite"))
    try:
        done = aps("check", profile, "--only", "database.reachable", "--json")
    finally:
        shutil.move(site.database.with_name("away.sqlite"), site.database)
    assert (done.returncode, done.stderr) == (1, "")
    assert statuses(done.stdout) == {"profile.valid": "ok", "database.address": "ok", "database.reachable": "fail"}


# --- limits and Ctrl+C -------------------------------------------------------------------------


def test_a_check_that_gets_no_answer_ends_after_its_limit(
    command: Command, site: Site, profile: Path, silent_server: socket.socket
) -> None:
    point_at(profile, silent_server, command)
    limit, code = 1.5, ""
    while code != "timed_out":
        assert limit < PATIENCE, code
        found = command("check", profile, "--only", "webservice.reachable", "--timeout", limit, "--json")
        last = answer(found.out)["checks"][-1]
        code, told = last["code"], f"No answer within {limit:g} seconds; the attempt was ended."
        ended_after = 1000 * limit
        # What it needs has to answer within the limit, for which a busy machine takes longer.
        limit *= 2
    assert (found.code, last["status"], last["message"]) == (1, "fail", told)
    assert last["elapsed_ms"] >= ended_after


@pytest.mark.skipif(sys.platform == "win32", reason="a console event cannot be sent to one process alone")
def test_ctrl_c_ends_a_hanging_check_and_leaves_no_process(
    command: Command, site: Site, profile: Path, silent_server: socket.socket
) -> None:
    point_at(profile, silent_server, command)
    process = start("check", str(profile), "--only", "webservice.reachable")
    connection, _address = silent_server.accept()
    with connection:
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(signal.SIGINT)
        # Without an answer it would wait for a minute.
        out, err = process.communicate(timeout=PATIENCE)
    gone, alive = psutil.wait_procs(children, timeout=PATIENCE)
    assert alive == []
    assert gone
    assert process.returncode == 130
    assert (out, err) == ("", "Interrupted.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a console event cannot be sent to one process alone")
def test_the_children_of_a_killed_check_end_by_themselves(
    command: Command, site: Site, profile: Path, silent_server: socket.socket
) -> None:
    point_at(profile, silent_server, command)
    process = start("check", str(profile), "--only", "webservice.reachable")
    connection, _address = silent_server.accept()
    with connection:
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate(timeout=PATIENCE)
        assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
