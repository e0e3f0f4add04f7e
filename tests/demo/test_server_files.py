"""The demo's server files are what the wizard will meet on a Logix server."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from wizard.demo import server_files

URL = "http://127.0.0.1:8011/ws"


def ini_of(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None, comment_prefixes=(";",), delimiters=("=",))
    parser.read_string(path.read_bytes().decode("cp1252"))
    return parser


def profile_of(path: Path) -> dict[str, str]:
    lines = path.read_bytes().decode("cp1252").splitlines()
    entries = [line for line in lines if line.strip() and not line.startswith("#")]
    matches = [re.fullmatch(r'([\w.]+) = "([^"]*)"', line) for line in entries]
    return {match[1]: match[2] for match in matches if match}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return server_files.write(tmp_path, URL)


def test_names(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert files == (tmp_path / "TotvsAppServer.ini", tmp_path / "Totvsprofile.pro")


def test_both_files_are_cp1252_with_crlf_and_accents(files: tuple[Path, Path]) -> None:
    for path in files:
        data = path.read_bytes()
        assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") > 20
        assert "Confecções" in data.decode("cp1252")
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def test_web_service_sections(files: tuple[Path, Path]) -> None:
    ini = ini_of(files[0])
    assert ini["WebServices"]["URLLocation"] == URL
    assert ini["WebServices"]["NameSpace"] == "http://127.0.0.1:8011/"
    assert ini["WebServices"]["Enable"] == "1"
    assert ini["HTTP"]["Port"] == "8011"
    assert ini["HTTP"]["ENVIRONMENT"] == ini["WebServices"]["Environment"] == server_files.ENVIRONMENT
    assert ini.has_section(server_files.ENVIRONMENT)


def test_sections_of_a_logix_server(files: tuple[Path, Path]) -> None:
    ini = ini_of(files[0])
    sections = set(ini.sections())
    assert {"Drivers", "TCP", "Service", "General", "TotvsDbaccess", "HTTP", "WebServices"} <= sections
    assert "LicenseClient" not in sections
    assert "licenseclient" in {section.casefold() for section in sections}
    assert ini[server_files.ENVIRONMENT]["FGLPROFILE"].endswith(files[1].name)


def test_comments_stand_on_their_own_lines(files: tuple[Path, Path]) -> None:
    lines = files[0].read_bytes().decode("cp1252").splitlines()
    assert sum(line.startswith(";") for line in lines) >= 4
    assert not [line for line in lines if ";" in line and not line.startswith(";")]


def test_profile_keys(files: tuple[Path, Path]) -> None:
    profile = profile_of(files[1])
    assert profile["logix.threads.max"] == "10"
    assert profile["logix.timezone.server"] == "-03:00"
    assert {
        "logix.general.customerCode",
        "logix.startApp.checkRevision",
        "logix.license.LSDevTest",
        "logix.source.inactiveTimeOut",
    } <= set(profile)


def test_the_old_eai_key_is_only_a_comment(files: tuple[Path, Path]) -> None:
    assert "# eai.hostapplication" in files[1].read_bytes().decode("cp1252")
    assert not [key for key in profile_of(files[1]) if key.startswith("eai.")]


@pytest.mark.parametrize(
    ("url", "port"), [("http://erp/ws", "80"), ("https://erp/ws", "443"), ("http://[::1]:81/ws", "81")]
)
def test_port_follows_the_address(tmp_path: Path, url: str, port: str) -> None:
    ini = ini_of(server_files.write(tmp_path, url)[0])
    assert ini["HTTP"]["Port"] == port
    assert ini["WebServices"]["URLLocation"] == url


@pytest.mark.parametrize(
    "url",
    ["", "erp/ws", "ftp://erp/ws", "http:///ws", "http://erp/ws\nEnable=0", "http://erp/ção", "http://e/a b"],
)
def test_an_address_no_line_can_hold_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        server_files.write(tmp_path, url)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        server_files.write(tmp_path / "missing", URL)
