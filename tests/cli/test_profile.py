"""`aps-wizard profile ...`: reading, editing and copying profiles without a window."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cli.calling import Command, answer, aps
from tests.second_account import second_account
from wizard.profile import store

CANARY = "S3cret-c4nary"


def canary_free(folder: Path) -> bool:
    return all(CANARY.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


# --- list --------------------------------------------------------------------------------------


def test_list_names_the_folder_and_every_profile(command: Command, profile: Path) -> None:
    (profile.parent / "broken.yaml").write_text("name: [", "utf-8")
    found = command("profile", "list")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines() == [
        f"Folder: {profile.parent}",
        "broken.yaml  cannot be read; see: aps-wizard profile validate",
        "serra-azul.yaml  Serra Azul  01  Testing  SQLite file (demo)  validated",
    ]


def test_list_as_json_has_a_row_for_every_file(command: Command, profile: Path) -> None:
    broken = profile.parent / "broken.yaml"
    broken.write_text("name: [", "utf-8")
    assert answer(command("profile", "list", "--json").out) == {
        "folder": str(profile.parent),
        "profiles": [
            {"file": str(broken), "valid": False},
            {
                "file": str(profile),
                "valid": True,
                "name": "Serra Azul",
                "company": "01",
                "environment": "test",
                "database": "sqlite",
                "validation": "passed",
            },
        ],
    }


def test_list_of_a_folder_that_does_not_exist_is_empty(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    found = command("profile", "list", "--profiles-dir", folder)
    assert (found.code, found.out) == (
        0,
        f"Folder: {folder}\nThere is no such folder yet; the first profile makes it.\n",
    )
    assert answer(command("profile", "list", "--json", "--profiles-dir", folder).out)["profiles"] == []
    assert not folder.exists()
    folder.mkdir()
    assert command("profile", "list", "--profiles-dir", folder).out == f"Folder: {folder}\nNo profiles yet.\n"


def test_a_folder_that_may_not_be_read_is_not_called_empty() -> None:
    with second_account() as account:
        folder = account.folder / "profiles"
        folder.mkdir(mode=0o700)
        said = f"{folder}: This account may not use this file or its folder. Have the permissions corrected"
        call = ("-P", "-m", "wizard", "profile", "list")
        for option in ((), ("--profiles-dir", folder), ("--json",)):
            done = account.run("env", f"APS_PROFILE_DIR={folder}", account.python, *call, *option)
            assert (done.returncode, done.stdout) == (2, "")
            assert done.stderr.startswith(said)


def test_list_tells_a_stale_profile_from_a_proved_one(command: Command, profile: Path) -> None:
    assert command("profile", "set", profile, "webservice.read_timeout=90").code == 0
    assert answer(command("profile", "list", "--json").out)["profiles"][0]["validation"] == "stale"


# --- show and validate -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["serra-azul", "Serra Azul", "serra-azul.yaml"])
def test_a_profile_is_found_by_its_name_its_file_name_or_its_path(command: Command, profile: Path, name: str) -> None:
    assert command("profile", "show", name).out == command("profile", "show", profile).out


def test_show_gives_the_profile_as_it_is_written(command: Command, profile: Path) -> None:
    found = command("profile", "show", profile)
    assert (found.code, found.err) == (0, "")
    assert found.out.encode() == profile.read_bytes()


def test_show_as_json_gives_the_same_values(command: Command, profile: Path) -> None:
    found = command("profile", "show", profile, "--json")
    assert answer(found.out) == yaml.safe_load(profile.read_text("utf-8"))
    assert answer(found.out)["company"]["logix"] == "01"


def test_validate_says_that_a_profile_is_valid(command: Command, profile: Path) -> None:
    found = command("profile", "validate", profile)
    assert (found.code, found.out, found.err) == (0, f"{profile} is valid.\n", "")
    assert answer(command("profile", "validate", profile, "--json").out) == {"valid": True, "errors": []}


def test_validate_as_json_tells_every_error_in_the_shape_of_the_contract(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    lines = ["version: 1", "name: Matriz", "environment: prod", "company: {logix: '01', site: '1'}"]
    lines += ["database: {kind: sqlite, file: x}", "webservice: {url: 'http://server/ws'}", "databse: {}"]
    file.write_text("\n".join(lines), "utf-8")
    found = command("profile", "validate", file, "--json")
    assert (found.code, found.err) == (2, "")
    report = answer(found.out)
    assert list(report) == ["valid", "errors"]
    assert report["valid"] is False
    assert [list(error) for error in report["errors"]] == [["path", "line", "code", "message"]] * 2
    assert [(error["path"], error["line"], error["code"]) for error in report["errors"]] == [
        ("environment", 3, "literal_error"),
        ("databse", 7, "extra_forbidden"),
    ]
    assert "'database'" in report["errors"][1]["message"]


@pytest.mark.parametrize(("content", "line"), [(b"a: b: c", 1), (b"\xff", 1), (None, None)])
def test_validate_as_json_answers_json_whatever_the_file_is(
    command: Command, tmp_path: Path, content: bytes | None, line: int | None
) -> None:
    file = tmp_path / "broken.yaml"
    if content is not None:
        file.write_bytes(content)
    found = command("profile", "validate", file, "--json")
    assert (found.code, found.err) == (2, "")
    (error,) = answer(found.out)["errors"]
    assert (error["path"], error["line"]) == ("", line)
    assert error["code"]
    assert error["message"]


@pytest.mark.parametrize(
    "lines",
    [
        [f"  password: {CANARY}"],
        [f"  password: [{CANARY}]"],
        [f"  pasword: {CANARY}"],
        [f'  password: "{CANARY}'],
    ],
)
def test_validate_never_repeats_a_password_that_stands_in_the_file(
    command: Command, tmp_path: Path, lines: list[str]
) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text("\n".join(["version: 1", "database:", "  kind: informix", *lines]) + "\n", "utf-8")
    for options in ([], ["--json"]):
        found = command("profile", "validate", file, *options)
        assert found.code == 2
        assert CANARY not in found.out + found.err


# --- schema ------------------------------------------------------------------------------------


def test_schema_accepts_the_profile_of_the_demo_and_refuses_a_wrong_one(command: Command, profile: Path) -> None:
    found = command("profile", "schema")
    assert (found.code, found.err) == (0, "")
    schema = answer(found.out)
    data = yaml.safe_load(profile.read_text("utf-8"))
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "environment": "prod"}, schema)


def test_schema_goes_to_a_file_when_asked(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "profile.schema.json"
    found = command("profile", "schema", "--out", file)
    assert (found.code, found.out, found.err) == (0, "", "")
    assert file.read_bytes() == command("profile", "schema").out.encode()


def test_schema_is_not_written_over_a_profile(command: Command, profile: Path, tmp_path: Path) -> None:
    before = profile.read_bytes()
    found = command("profile", "schema", "--out", profile)
    assert (found.code, found.out, "exists already" in found.err) == (2, "", True)
    assert profile.read_bytes() == before
    old = tmp_path / "profile.schema.json"
    old.write_text("{}", "utf-8")
    assert command("profile", "schema", "--out", old).code == 0
    assert old.read_bytes() != b"{}"


# --- set ---------------------------------------------------------------------------------------


def test_set_edits_values_and_keeps_the_rest(command: Command, profile: Path) -> None:
    before = store.read(profile).profile
    found = command("profile", "set", profile, "webservice.read_timeout=90", "notes=a=b; c", "update.all_grades=true")
    assert (found.code, found.out, found.err) == (0, f"{profile} was written.\n", "")
    after = store.read(profile).profile
    assert (after.webservice.read_timeout, after.notes, after.update.all_grades) == (90, "a=b; c", True)
    untouched = {"webservice", "notes", "update", "validation"}
    assert after.model_dump(exclude=untouched) == before.model_dump(exclude=untouched)


def test_set_takes_a_key_out_with_an_empty_value(command: Command, profile: Path) -> None:
    assert command("profile", "set", profile, "confirmation.horizon_days=30").code == 0
    assert command("profile", "set", profile, "confirmation.horizon_days=").code == 0
    assert store.read(profile).profile.confirmation.horizon_days is None


def test_set_changes_the_kind_of_database_with_what_it_needs(command: Command, profile: Path) -> None:
    found = command("profile", "set", profile, "database.kind=informix", "database.dsn=LOGIX")
    assert found.code == 0
    assert store.read(profile).profile.database.kind == "informix"


@pytest.mark.seed("R-PRE-08")
def test_an_address_is_written_in_the_form_that_is_used(command: Command, profile: Path) -> None:
    assert command("profile", "set", profile, "webservice.url= Servidor:8080/ws/wsindex.apw").code == 0
    assert store.read(profile).profile.webservice.url == "http://servidor:8080/ws"


BAD_ASSIGNMENTS: list[list[str]] = [
    ["database.kind=progress"],
    ["database.kind=oracle"],
    ["database.query_timeout=soon"],
    ["database=text"],
    ["database=text", "database.kind=oracle"],
    ["databse.dsn=LOGIX"],
    ["name="],
    ["name.first=Matriz"],
    ["grades.types=text"],
    ["grades.types[0].size=6"],
    ["no-equals-sign"],
    ["=value"],
    [".=value"],
    ["..=value"],
    [""],
    ["notes=fine", "no-equals-sign"],
    ["version=2"],
    ["validation.at=now"],
    ["webservice.url=ftp://servidor"],
]


@pytest.mark.parametrize("assignments", BAD_ASSIGNMENTS, ids=" ".join)
def test_a_bad_assignment_is_refused_and_nothing_is_written(
    command: Command, profile: Path, assignments: list[str]
) -> None:
    before = profile.read_bytes()
    found = command("profile", "set", profile, *assignments)
    assert (found.code, found.out) == (2, "")
    assert found.err.strip()
    assert "Traceback" not in found.err
    assert profile.read_bytes() == before


SECRET_ASSIGNMENTS: list[list[str]] = [
    ["database.kind=informix", "database.dsn=LOGIX", f"database.password={CANARY}"],
    [f"webservice.password={CANARY}"],
    [f"aps.password={CANARY}"],
    [f"database.password {CANARY}"],
    ["webservice.password", CANARY],
    [f"webservice.pasword={CANARY}"],
    [f"aps.url=postgresql://aps:{CANARY}@server/aps"],
    [f"webservice.url=http://logix:{CANARY}@server/ws"],
    ["database.kind=informix", f"database.dsn=DSN=LOGIX;PWD={CANARY}"],
    [f"environment={CANARY}"],
    [f"database.kind={CANARY}"],
]


@pytest.mark.parametrize("assignments", SECRET_ASSIGNMENTS, ids=lambda words: words[-1].partition("=")[0][:20])
def test_a_secret_typed_in_a_refused_assignment_is_not_repeated(
    command: Command, profile: Path, assignments: list[str]
) -> None:
    found = command("profile", "set", profile, *assignments)
    assert found.code == 2
    assert CANARY not in found.out + found.err
    assert canary_free(profile.parent)


def test_a_password_is_named_by_reference(command: Command, profile: Path) -> None:
    found = command("profile", "set", profile, "webservice.user=logix", "webservice.password=env:WS_PASSWORD")
    assert found.code == 0
    assert store.read(profile).profile.webservice.password == "env:WS_PASSWORD"


def test_set_keeps_the_version_before(command: Command, profile: Path) -> None:
    before = profile.read_bytes()
    assert command("profile", "set", profile, "notes=VPN").code == 0
    assert profile.with_name("serra-azul.yaml.bak").read_bytes() == before


def test_a_profile_that_another_program_holds_is_not_written(
    command: Command, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import filelock

    monkeypatch.setattr(store, "LOCK_SECONDS", 0.2)
    with filelock.FileLock(profile.with_name(f".{profile.name}.lock")):
        found = command("profile", "set", profile, "notes=VPN")
    assert found.code == 1
    assert "Another program is writing this profile." in found.err


def test_an_account_of_the_engines_without_its_kind_is_refused(command: Command, profile: Path) -> None:
    before = profile.read_bytes()
    found = command("profile", "set", profile, "engine_account.name=DOM\\aps")
    assert (found.code, "engine_account.kind=user" in found.err) == (2, True)
    assert profile.read_bytes() == before
    assert command("profile", "set", profile, "engine_account.name=DOM\\aps", "engine_account.kind=user").code == 0
    assert command("profile", "set", profile, "engine_account.name=DOM\\other").code == 0


# --- duplicate ---------------------------------------------------------------------------------


@pytest.mark.seed("R-GEN-02")
def test_duplicate_makes_a_profile_for_another_company(command: Command, profile: Path) -> None:
    assert command("profile", "set", profile, "aps.url=sqlite:///aps01.sqlite").code == 0
    found = command("profile", "duplicate", "Serra Azul", "--name", "Filial Sul", "--company", "02", "--site", "21")
    copy = profile.with_name("filial-sul.yaml")
    assert (found.code, found.out, found.err) == (0, f"{copy} was written.\n", "")
    first, second = store.read(profile).profile, store.read(copy).profile
    assert (second.name, second.company.logix, second.company.site) == ("Filial Sul", "02", "21")
    assert second.aps.url is None
    assert second.grades.types == ()
    assert second.grades.enabled
    assert second.validation is None
    assert second.database == first.database


def test_the_site_of_a_copy_is_its_company_unless_told_otherwise(command: Command, profile: Path) -> None:
    assert command("profile", "duplicate", profile, "--name", "Filial", "--company", "02").code == 0
    assert store.read(profile.with_name("filial.yaml")).profile.company.site == "02"


@pytest.mark.parametrize("name", ["Serra Azul", "SERRA-AZUL", ""])
def test_duplicate_never_overwrites(command: Command, profile: Path, name: str) -> None:
    before = profile.read_bytes()
    found = command("profile", "duplicate", profile, "--name", name, "--company", "02")
    assert (found.code, found.out) == (2, "")
    assert profile.read_bytes() == before
    assert [path.name for path in profile.parent.glob("*.yaml")] == [profile.name]


def test_duplicate_refuses_a_company_that_cannot_be(command: Command, profile: Path) -> None:
    found = command("profile", "duplicate", profile, "--name", "Filial", "--company", "002")
    assert found.code == 2
    assert "company.logix" in found.err
    assert not profile.with_name("filial.yaml").exists()


# --- export and import -------------------------------------------------------------------------


def test_export_leaves_the_validation_out(command: Command, profile: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.yaml"
    found = command("profile", "export", profile, "--out", file)
    assert (found.code, found.out, found.err) == (0, f"{file} was written.\n", "")
    assert file.read_bytes() == command("profile", "export", profile).out.encode()
    exported = store.read(file).profile
    assert exported.validation is None
    assert exported == store.read(profile).profile.model_copy(update={"validation": None})


def test_export_carries_references_and_no_passwords(
    command: Command, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WS_PASSWORD", CANARY)
    assert command("profile", "set", profile, "webservice.password=env:WS_PASSWORD").code == 0
    found = command("profile", "export", profile)
    assert 'password: "env:WS_PASSWORD"' in found.out
    assert CANARY not in found.out


def test_a_file_that_cannot_be_written_ends_with_1_and_is_named(
    command: Command, profile: Path, tmp_path: Path
) -> None:
    target = tmp_path / "no-such-folder" / "export.yaml"
    for arguments in (["profile", "export", profile, "--out", target], ["profile", "schema", "--out", target]):
        found = command(*arguments)
        assert (found.code, found.out) == (1, "")
        assert found.err.startswith(f"{target}: ")
        assert found.err.count("\n") == 1


def test_a_folder_that_cannot_be_made_ends_with_1(command: Command, profile: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    found = command("profile", "import", profile, "--profiles-dir", tmp_path / "file" / "profiles")
    assert (found.code, found.out) == (1, "")
    assert found.err.strip()


def test_import_takes_a_profile_into_the_folder_without_its_validation(
    command: Command, profile: Path, tmp_path: Path
) -> None:
    found = command("profile", "import", profile, "--profiles-dir", tmp_path / "new")
    file = tmp_path / "new" / "serra-azul.yaml"
    assert (found.code, found.out, found.err) == (0, f"{file} was written.\n", "")
    assert store.read(file).profile == store.read(profile).profile.model_copy(update={"validation": None})


def test_import_can_give_another_name(command: Command, profile: Path) -> None:
    assert command("profile", "import", profile, "--name", "Ação Verão").code == 0
    assert store.read(profile.with_name("acao-verao.yaml")).profile.name == "Ação Verão"


@pytest.mark.parametrize("name", ["x" * 61, " x", "x\ny"])
def test_import_refuses_a_name_that_cannot_be(command: Command, profile: Path, name: str) -> None:
    found = command("profile", "import", profile, "--name", name)
    assert found.code == 2
    assert found.err.startswith("name: ")
    assert [path.name for path in profile.parent.glob("*.yaml")] == [profile.name]


def test_import_never_overwrites(command: Command, profile: Path) -> None:
    before = profile.read_bytes()
    found = command("profile", "import", profile)
    assert (found.code, found.out) == (2, "")
    assert str(profile) in found.err
    assert profile.read_bytes() == before


@pytest.mark.seed("R-PRE-09")
def test_a_site_can_be_configured_without_the_window(profile: Path, tmp_path: Path) -> None:
    folder = ["--profiles-dir", tmp_path / "new"]
    assert aps("profile", "import", profile, "--name", "Matriz", *folder).returncode == 0
    words = ["company.logix=03", "company.site=03", "database.query_timeout=90"]
    assert aps("profile", "set", "matriz", *words, *folder).returncode == 0
    done = aps("profile", "show", "matriz", "--json", *folder)
    assert done.returncode == 0
    shown = json.loads(done.stdout)
    assert (shown["company"], shown["database"]["query_timeout"]) == ({"logix": "03", "site": "03"}, 90)
