"""`aps-wizard checklist` and `diagnostics` on the real demo site: answers, exit codes, confirmations, report, zip."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from lxml import html

from tests.cli.calling import Command, answer, aps
from wizard.checklist.items import ITEMS
from wizard.demo.site import Site

ASKED = [item.id for item in ITEMS if item.ask]
MANDATORY = [item.id for item in ITEMS if item.ask and item.mandatory]


def statuses(out: str) -> dict[str, str]:
    return {item["id"]: item["status"] for item in answer(out)["items"]}


def confirm_all(command: Command, profile: Path, items: list[str] = ASKED) -> None:
    for item in items:
        found = command("checklist", profile, "--confirm", item, "--by", "Ana", "--evidence", "seen")
        assert (found.code, found.err) == (0, "")


# --- answers -----------------------------------------------------------------------------------


@pytest.mark.seed("R-CHK-01", "R-CHK-02", "R-CHK-03", "R-CHK-04", "R-CFG-02", "R-CFG-03", "R-CFG-04")
def test_a_sound_site_is_open_until_persons_have_confirmed_and_then_ends_with_0(
    command: Command, site: Site, profile: Path
) -> None:
    found = command("checklist", "serra-azul", "--json")
    assert (found.code, found.err) == (1, "")
    report = answer(found.out)
    assert list(report) == ["profile", "status", "at", "items"], "a contract"
    assert (report["profile"], report["status"]) == (str(profile), "open")
    assert [item["id"] for item in report["items"]] == [item.id for item in ITEMS]
    told = statuses(found.out)
    assert {id_ for id_, status in told.items() if status == "open"} <= set(ASKED)
    assert "fail" not in told.values()
    confirm_all(command, profile, MANDATORY)
    found = command("checklist", "serra-azul", "--json")
    assert (found.code, answer(found.out)["status"]) == (0, "ok")
    assert statuses(found.out)["server_files"] == "ok"
    assert statuses(found.out)["demand"] == "open", "what is only recommended blocks nothing"


def test_the_lines_name_what_can_be_confirmed_until_it_is(command: Command, site: Site, profile: Path) -> None:
    confirm_all(command, profile, [item for item in ASKED if item != "licences"])
    said = command("checklist", "serra-azul").out.splitlines()
    asked = said[next(number for number, line in enumerate(said) if "--confirm ITEM" in line) + 1 :]
    assert [line.split()[0] for line in asked] == ["licences"]
    confirm_all(command, profile, ["licences"])
    assert "--confirm" not in command("checklist", "serra-azul").out


def test_the_lines_say_state_and_what_to_do(command: Command, site: Site, profile: Path) -> None:
    found = command("checklist", profile)
    lines = found.out.splitlines()
    assert lines[0].startswith(" ?  Logix server files ")
    assert "open. A person has to confirm this." in lines[0]
    assert lines[1].strip().startswith("Confirm that both files of the Logix server")
    assert "Nothing failed, but something mandatory is still open." in lines


@pytest.mark.seed("R-CHK-02")
def test_what_failed_ends_with_1_whatever_persons_confirmed(
    command: Command, site: Site, profile: Path, tmp_path: Path
) -> None:
    confirm_all(command, profile)
    assert command("profile", "set", profile, f"database.file={tmp_path / 'missing.sqlite'}").code == 0
    found = command("checklist", profile, "--json")
    assert (found.code, answer(found.out)["status"]) == (1, "failed")
    told = {item["id"]: item for item in answer(found.out)["items"]}
    assert told["parameters"]["status"] == "fail"
    assert told["parameters"]["message"] == f"The database file {tmp_path / 'missing.sqlite'} does not exist."
    assert told["releases"]["status"] == "stale", "another database may be of another release"
    assert told["license_server"]["status"] == "ok"


def test_it_runs_within_the_limit_that_is_given(command: Command, site: Site, profile: Path) -> None:
    found = command("checklist", profile, "--json", "--timeout", "0.1")
    assert found.code == 1
    codes = {check["code"] for item in answer(found.out)["items"] for check in item["checks"]}
    assert "timed_out" in codes


# --- confirming --------------------------------------------------------------------------------


def test_a_confirmation_is_kept_beside_the_profile_and_can_be_taken_back(command: Command, profile: Path) -> None:
    before = profile.read_bytes()
    found = command("checklist", profile, "--confirm", "licences", "--by", "Ana", "--evidence", "foto.png")
    beside = profile.with_name("serra-azul.checklist.yaml")
    assert (found.code, found.out) == (0, f"licences is confirmed: {beside}\n")
    assert 'evidence: "foto.png"' in beside.read_text("utf-8")
    assert profile.read_bytes() == before
    assert len(answer(command("profile", "list", "--json").out)["profiles"]) == 1
    found = command("checklist", profile, "--withdraw", "licences")
    assert (found.code, found.err) == (0, "")
    found = command("checklist", profile, "--withdraw", "licences")
    assert (found.code, found.out) == (2, "")
    assert "licences was not confirmed." in found.err


@pytest.mark.parametrize(
    "options",
    [
        ["--confirm", "licences"],
        ["--confirm", "licences", "--by", "Ana"],
        ["--confirm", "licences", "--by", "Ana", "--evidence", " "],
        ["--by", "Ana", "--evidence", "x"],
        ["--evidence", "x"],
        ["--confirm", "parameters", "--by", "Ana", "--evidence", "x"],
        ["--confirm", "nothing", "--by", "Ana", "--evidence", "x"],
        ["--confirm", "licences", "--by", "Ana", "--evidence", "x", "--withdraw", "demand"],
        ["--withdraw", "nothing"],
        ["--timeout", "0"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2_and_writes_nothing(command: Command, profile: Path, options: list[str]) -> None:
    found = command("checklist", profile, *options)
    assert (found.code, found.out) == (2, "")
    assert found.err.strip()
    assert "Traceback" not in found.err
    assert not profile.with_name("serra-azul.checklist.yaml").exists()


def test_a_profile_that_is_not_there_ends_with_2(command: Command, profile: Path, tmp_path: Path) -> None:
    assert command("checklist", "nobody").code == 2
    found = command("diagnostics", "nobody", "--out", tmp_path / "d.zip")
    assert found.code == 2
    assert not (tmp_path / "d.zip").exists()


# --- report ------------------------------------------------------------------------------------


def test_the_report_is_written_with_the_exit_code_of_the_checklist(
    command: Command, site: Site, profile: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    found = command("checklist", profile, "--html", out)
    assert (found.code, found.out) == (1, f"The report was written: {out}\n")
    page = html.parse(str(out))
    assert page.xpath("//section/@id") == [f"item-{item.id}" for item in ITEMS]
    assert "Confecções Serra Azul Ltda" in page.xpath("string(//body)")


def test_the_report_is_told_in_portuguese_too(site: Site, profile: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    done = aps("checklist", profile, "--html", out, env={"APS_LANG": "pt_BR"})
    assert (done.returncode, done.stderr) == (1, "")
    page = html.parse(str(out))
    assert page.getroot().get("lang") == "pt-BR"
    assert "obrigatório" in page.xpath("string(//body)")
    labels = page.xpath("//table//th[@scope='row']/text()")
    assert [label for label in labels if label.endswith(" - Servidor")]
    assert not [label for label in labels if label.endswith(" - server")]


def test_a_report_that_cannot_be_written_is_told(command: Command, profile: Path, tmp_path: Path) -> None:
    report = tmp_path / "missing" / "r.html"
    found = command("checklist", profile, "--html", report)
    # The reason is the system's, in the language of the system.
    assert (found.code, found.err.partition(": ")[0], found.err.count("\n")) == (1, str(report), 1)


@pytest.mark.parametrize(("command_name", "option"), [("checklist", "--html"), ("diagnostics", "--out")])
def test_a_profile_is_not_written_over_by_a_report(
    command: Command, profile: Path, tmp_path: Path, command_name: str, option: str
) -> None:
    before = profile.read_bytes()
    found = command(command_name, profile, option, profile)
    assert (found.code, found.out, profile.read_bytes()) == (2, "", before)
    assert "exists already" in found.err


# --- diagnostics -------------------------------------------------------------------------------


def test_the_zip_is_written_whatever_the_checks_find(
    command: Command, site: Site, profile: Path, tmp_path: Path
) -> None:
    assert command("profile", "set", profile, "database.file=missing.sqlite").code == 0
    out = tmp_path / "d.zip"
    found = command("diagnostics", profile, "--out", out)
    assert (found.code, found.err) == (0, "")
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist()[0] == "report.html"
        assert json.loads(archive.read("checklist.json"))["status"] == "failed"


def test_of_a_broken_profile_the_zip_tells_what_is_wrong(command: Command, profile: Path, tmp_path: Path) -> None:
    profile.write_text(profile.read_text("utf-8") + "senha: hunter2-canary\n", "utf-8")
    out = tmp_path / "d.zip"
    found = command("diagnostics", profile, "--out", out)
    assert found.code == 2
    assert "senha" in found.err
    with zipfile.ZipFile(out) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    assert b"senha" in told
    assert b"hunter2" not in told + found.err.encode() + found.out.encode()


def test_of_spoilt_confirmations_the_zip_tells_what_is_wrong(command: Command, profile: Path, tmp_path: Path) -> None:
    profile.with_name("serra-azul.checklist.yaml").write_text("confirmations: [", "utf-8")
    out = tmp_path / "d.zip"
    found = command("diagnostics", profile, "--out", out)
    assert found.code == 2
    assert "serra-azul.checklist.yaml, line" in found.err
    with zipfile.ZipFile(out) as archive:
        assert "serra-azul.checklist.yaml, line" in archive.read("problems.txt").decode()


def test_no_secret_is_in_what_the_commands_say_and_write(
    command: Command, site: Site, profile: Path, tmp_path: Path
) -> None:
    canary = "Canary/9;x&y"
    assert command("profile", "set", profile, "webservice.user=ws", "webservice.password=env:APS_CANARY").code == 0
    for arguments in (
        ["checklist", profile],
        ["checklist", profile, "--json"],
        ["checklist", profile, "--html", tmp_path / "r.html"],
        ["diagnostics", profile, "--out", tmp_path / "d.zip"],
    ):
        done = aps(*arguments, env={"APS_CANARY": canary})
        assert done.returncode in (0, 1), done.stderr
        assert canary not in done.stdout + done.stderr
    written = [path.read_bytes() for path in (tmp_path / "r.html", *profile.parent.iterdir()) if path.is_file()]
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        written += [archive.read(name) for name in archive.namelist()]
    assert not [data for data in written if b"Canary" in data]


def test_what_prove_it_found_is_an_item_of_the_checklist(command: Command, profile: Path) -> None:
    assert command("check", profile, "--prove").code == 0
    found = answer(command("checklist", profile, "--json").out)
    item = next(item for item in found["items"] if item["id"] == "engines")
    assert (item["status"], item["proof"]["passed"], item["proof"]["stale"]) == ("ok", True, False)
    assert item["proof"]["account"] in item["message"]
    assert command("profile", "set", profile, "webservice.read_timeout=61").code == 0
    again = answer(command("checklist", profile, "--json").out)
    item = next(item for item in again["items"] if item["id"] == "engines")
    # The engines of the demo site run as who runs the wizard: a proof from before a change is not asked for again.
    assert (item["status"], item["proof"]["stale"]) == ("unused", True)
    assert command("profile", "set", profile, "engine_account.kind=user", "engine_account.name=aps").code == 0
    again = answer(command("checklist", profile, "--json").out)
    assert next(item["status"] for item in again["items"] if item["id"] == "engines") == "stale"
