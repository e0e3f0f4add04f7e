"""The demo writes over nothing that is not its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard import cli


def test_a_folder_with_a_servers_own_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ini = tmp_path / "TotvsAppServer.ini"
    ini.write_text("REAL CONFIG", "utf-8")
    assert cli.run(["demo", "--dir", str(tmp_path)]) == 1
    assert ini.read_text("utf-8") == "REAL CONFIG"
    assert [path.name for path in tmp_path.iterdir()] == ["TotvsAppServer.ini"]
    assert "not of a demo site" in capsys.readouterr().err


def test_several_ids_may_follow_one_option() -> None:
    words = ["check", "x.yaml", "--only", "database.login", "aps.store", "--json"]
    assert cli._with_only_repeated(words) == [
        "check", "x.yaml", "--only", "database.login", "--only", "aps.store", "--json",
    ]  # fmt: skip
    assert cli._with_only_repeated(["check", "--only", "aps.store", "x.yaml"]) == [
        "check",
        "--only",
        "aps.store",
        "x.yaml",
    ]


@pytest.mark.parametrize("path", ["validation.checks[0].status", "version", "erp"])
def test_what_the_program_alone_writes_cannot_be_set(path: str, tmp_path: Path) -> None:
    example = Path(__file__).resolve().parents[2] / "profiles" / "example-informix.yaml"
    file = tmp_path / "a.yaml"
    file.write_bytes(example.read_bytes())
    assert cli.run(["profile", "set", str(file), f"{path}=ok"]) == 2
    assert file.read_bytes() == example.read_bytes()
