"""`aps-wizard server-files`: what the files of the Logix server say, and the address in a profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import Command, aps, environment
from wizard.demo import server_files
from wizard.demo.site import Site
from wizard.profile import store

TWO = """[HTTP]
Port=8080
Enable=1
[WebServices]
Enable=1
Environment=production
URLLocation=http://srvlogix:8080/ws
[WebServices_Test]
Enable=1
Environment=test
URLLocation=srvlogix:8080/wstest/wsindex.apw
"""


@pytest.mark.seed("R-PRE-08", "R-CFG-02", "R-CFG-03")
def test_the_files_of_the_demo_are_in_order(command: Command, site: Site) -> None:
    found = command("server-files", site.appserver_ini, site.totvsprofile)
    assert (found.code, found.err) == (0, "")
    assert f"Address for the profile: {site.webservice_url}" in found.out
    assert "Lines to add" not in found.out


@pytest.mark.seed("R-PRE-08")
def test_json_says_all_that_was_found(command: Command, site: Site) -> None:
    answer = json.loads(command("server-files", site.appserver_ini.parent, "--json").out)
    assert answer["url"] == site.webservice_url
    assert answer["locations"][0]["environment"] == server_files.ENVIRONMENT
    assert answer["http"][0]["enabled"] is True
    assert answer["web_services_enabled"] is True
    assert answer["profile_keys"]["logix.timezone.server"] == "-03:00"
    assert answer["lines_to_add"] == []
    assert {finding["status"] for finding in answer["findings"]} <= {"ok", "warn"}


def test_what_is_missing_ends_with_1_and_the_lines_to_add(command: Command, tmp_path: Path) -> None:
    (tmp_path / "TotvsAppServer.ini").write_text("[HTTP]\nPort=8080\n")
    found = command("server-files", tmp_path)
    assert found.code == 1
    assert "    URLLocation=http://<SERVER>:8080/ws\n" in found.out
    assert "To be confirmed with the customer's TOTVS team" in found.out


def test_the_address_goes_into_a_profile(command: Command, profile: Path, tmp_path: Path) -> None:
    server_files.write(tmp_path, "http://srvlogix:8080/ws")
    found = command("server-files", tmp_path, "--profile", profile)
    assert (found.code, found.err) == (0, "")
    assert store.read(profile).profile.webservice.url == "http://srvlogix:8080/ws"


def test_of_several_addresses_one_is_chosen_by_its_environment(command: Command, profile: Path, tmp_path: Path) -> None:
    (tmp_path / "appserver.ini").write_text(TWO)
    before = profile.read_bytes()
    found = command("server-files", tmp_path, "--profile", profile)
    assert (found.code, profile.read_bytes()) == (2, before)
    assert "--environment" in found.err
    assert command("server-files", tmp_path, "--environment", "none").code == 2
    answer = json.loads(command("server-files", tmp_path, "--environment", "TEST", "--profile", profile, "--json").out)
    assert answer["url"] == "http://srvlogix:8080/wstest"
    assert answer["profile"] == str(profile)
    assert store.read(profile).profile.webservice.url == "http://srvlogix:8080/wstest"


def test_of_several_addresses_of_one_environment_each_is_named(command: Command, profile: Path, tmp_path: Path) -> None:
    (tmp_path / "appserver.ini").write_text(TWO.replace("Environment=test", "Environment=production"))
    found = command("server-files", tmp_path, "--environment", "production", "--profile", profile)
    assert found.code == 2
    assert "http://srvlogix:8080/ws, http://srvlogix:8080/wstest" in found.err
    assert "webservice.url=" in found.err
    assert "one: production." in command("server-files", tmp_path, "--environment", "none").err


def test_a_file_that_is_not_there_and_a_profile_that_is_not(command: Command, tmp_path: Path) -> None:
    found = command("server-files", tmp_path / "nowhere.ini")
    assert found.code == 1
    assert "nowhere.ini" in found.out
    assert command("server-files", tmp_path, "--profile", "nobody").code == 2


def test_the_files_are_read_on_an_old_console_too(site: Site) -> None:
    done = aps("server-files", site.appserver_ini.parent, env=environment(PYTHONIOENCODING="cp850", PYTHONUTF8="0"),
               encoding="cp850")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
