"""What is found in TotvsAppServer.ini and Totvsprofile.pro, and the lines that are missing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.demo import server_files as demo_files
from wizard.profile.fields import WebUrl
from wizard.webservice.appserver_ini import AppServerIni, HttpPort, read_ini
from wizard.webservice.file_faults import FINDINGS, finding
from wizard.webservice.profile_pro import read_pro
from wizard.webservice.server_files import (
    ServerFiles,
    finding_text,
    from_loaded,
    in_child,
    read_server_files,
    server_of,
)

GOOD = """
[logix12]
RootPath=C:\\totvs
FGLPROFILE=C:\\totvs\\Totvsprofile.pro
[HTTP]
ENABLE=1
Port=8080
[WebServices]
Enable=1
Environment=logix12
URLLocation=http://srvlogix:8080/ws
"""


def ini(text: str, server: str = "") -> AppServerIni:
    return read_ini(text, "TotvsAppServer.ini", server)


def codes(text: str) -> list[str]:
    return [one.code for one in ini(text).findings if one.status != "ok"]


@pytest.mark.seed("R-PRE-08", "R-CFG-03")
def test_a_file_in_order_is_told_as_it_is() -> None:
    found = ini(GOOD)
    assert [place.address for place in found.usable()] == ["http://srvlogix:8080/ws"]
    assert found.locations[0].line == 11
    assert found.http == (HttpPort("HTTP", 8080, "", True, 5),)
    assert found.enabled is True
    assert found.environments == ("logix12",)
    assert found.profiles == (("logix12", "C:\\totvs\\Totvsprofile.pro"),)
    assert found.lines_to_add == ()
    assert {one.status for one in found.findings} == {"ok"}


@pytest.mark.seed("R-CFG-03")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("URLLocation=http://srvlogix:8080/ws", ""), ["ini.no_location"]),
        (("URLLocation=", ";URLLocation="), ["ini.no_location"]),
        (("http://srvlogix:8080/ws", "http://<servidor>:8080/ws"), ["ini.location_invalid"]),
        (("srvlogix", "user:senha@srvlogix"), ["ini.location_invalid"]),
        (("srvlogix", "localhost"), ["ini.location_local"]),
        (("[WebServices]\nEnable=1", "[WebServices]\nEnable=0"), ["ini.services_off"]),
        (("[WebServices]\nEnable=1", "[WebServices]"), ["ini.services_unsaid"]),
        (("ENABLE=1", "ENABLE=0"), ["ini.http_off"]),
        (("Port=8080\n", ""), ["ini.no_port"]),
        (("Port=8080\n", "Port=porta\n"), ["ini.no_port"]),
        (("Port=8080\n", "Port=8081\n"), ["ini.port_differs"]),
        (("[HTTP]", "[HTTPX]"), ["ini.no_http"]),
        (("Environment=logix12\n", ""), ["ini.no_environment"]),
        (("Environment=logix12\n", "Environment=logix11\n"), ["ini.environment_unknown"]),
        (("Environment=logix12\n", "environment = LOGIX12\n"), []),
        (("Port=8080\n", "Port=8080 ; padrão\n"), ["ini.comment_behind"]),
        (("Port=8080\n", "Port=8080\nport=8081\n"), ["ini.key_twice"]),
        (("[HTTP]", "[HTTP]\nSessionTimeout=1\n[Http]"), ["ini.no_port", "ini.section_twice"]),
        (("URLLocation=", "URLLocation=http://other:8080/ws\nURLLocation="), ["ini.several"]),
        (("URLLocation=", "URLLocation=srvlogix:8080/ws/\nURLLocation="), []),
        (("[HTTP]", "[JOB_WS]\nSIGAWEB=WS\n[HTTP]"), ["ini.job_not_started"]),
        (("[HTTP]", "[ONSTART]\nJOBS=OTHER, job_ws\n[JOB_WS]\nSIGAWEB=WS\n[HTTP]"), []),
    ],
)
def test_each_fault_of_the_file_is_found(change: tuple[str, str], expected: list[str]) -> None:
    assert change[0] in GOOD
    assert codes(GOOD.replace(*change)) == expected


@pytest.mark.parametrize("enable", ["Enable=1", "ENABLE = true", " enable =1 "])
def test_services_are_on_however_it_is_written(enable: str) -> None:
    assert ini(GOOD.replace("Enable=1", enable)).enabled is True


def test_a_started_job_of_web_services_counts_as_on_and_nothing_said_as_unknown() -> None:
    job = "[ONSTART]\nJOBS=JOB_WS\n[JOB_WS]\nSIGAWEB=WS\n"
    assert ini(job).enabled is True
    assert ini(job.replace("JOBS=JOB_WS", "JOBS=")).enabled is None
    assert ini("[HTTP]\nPort=1\n").enabled is None


@pytest.mark.seed("R-CFG-04")
def test_where_the_file_does_not_say_it_the_console_has_to_show_the_service_as_enabled() -> None:
    (found,) = (one for one in ini(GOOD.replace("Enable=1\nEnv", "Env")).findings if one.status == "warn")
    assert found.code == "ini.services_unsaid"
    assert "console shows the web service as enabled" in found.hint


@pytest.mark.seed("R-CFG-03")
def test_the_lines_to_add_are_made_of_what_the_file_and_its_place_tell() -> None:
    found = ini("[logix12]\nRootPath=x\n[HTTP]\nPort=8011\n", "srvlogix").lines_to_add
    assert found == (
        "[WebServices]",
        "Enable=1",
        "Environment=logix12",
        "NameSpace=http://srvlogix:8011/",
        "URLLocation=http://srvlogix:8011/ws",
    )
    assert ini("[WebServices]\nEnable=1\n").lines_to_add == (
        "[HTTP]",
        "Enable=1",
        "Port=<PORT>",
        "Environment=<ENVIRONMENT>",
        "DefaultPage=wsindex.apw",
        "[WebServices]",
        "Environment=<ENVIRONMENT>",
        "NameSpace=http://<SERVER>:<PORT>/",
        "URLLocation=http://<SERVER>:<PORT>/ws",
    )


def test_with_its_lines_added_the_file_is_in_order() -> None:
    text = "[logix12]\nRootPath=x\n[Drivers]\nActive=TCP\n"
    lines = [line.replace("<PORT>", "8080") for line in ini(text, "srvlogix").lines_to_add]
    assert codes(text + "\n".join(lines)) == []


@pytest.mark.seed("R-CFG-02")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('logix.timezone.server = "-03:00"\n', []),
        ("# eai.hostapplication = LOGIX\nlogix.timezone.server=UTC -03:00\n", []),
        ("logix.timezone.server = -03:00 # Brasília\n", []),
        ("eai.hostapplication = LOGIX\nlogix.timezone.server=-03:00", ["pro.host_application"]),
        ("EAI.HostApplication='LOGIX'\nlogix.timezone.server=-03:00", ["pro.host_application"]),
        ("eai.channel = x\nlogix.timezone.server=-03:00", ["pro.eai"]),
        ("logix.threads.max = 10", ["pro.no_timezone"]),
        ("logix.timezone.server = Brasília", ["pro.timezone_invalid"]),
        ("logix.threads.max=1\nLOGIX.threads.max=2\nlogix.timezone.server=-3:00", ["pro.key_twice"]),
    ],
)
def test_what_is_found_in_the_profile_file(text: str, expected: list[str]) -> None:
    assert [one.code for one in read_pro(text, "Totvsprofile.pro").findings if one.status != "ok"] == expected


@pytest.mark.seed("R-CFG-02")
def test_the_known_keys_are_shown_and_a_line_is_proposed() -> None:
    found = read_pro('logix.threads.max = "10" # x\ndbi.user=x\nlogix.mail.password = canary\n', "x.pro")
    assert found.known == (("logix.threads.max", "10"), ("logix.mail.password", "***"))
    assert found.lines_to_add == ('logix.timezone.server = "-03:00"',)
    assert "canary" not in repr(found)


@pytest.mark.seed("R-CFG-02", "R-CFG-03", "R-PRE-08")
def test_both_files_of_the_demo_are_read_out_of_their_folder_and_left_alone(tmp_path: Path) -> None:
    written = demo_files.write(tmp_path, "http://srvlogix:8080/ws")
    before = [file.read_bytes() for file in written]
    (tmp_path / "other.txt").write_text("nothing")
    for file in written:
        file.chmod(stat.S_IRUSR)
    found = read_server_files([tmp_path])
    assert [place.address for place in found.locations] == ["http://srvlogix:8080/ws"]
    assert {one.status for one in found.findings} == {"ok"}
    assert found.lines_to_add == ()
    assert [file.read_bytes() for file in written] == before


def loaded(**files: str) -> ServerFiles:
    import base64

    return from_loaded(
        [{"path": name.replace("__", "."), "bytes": base64.b64encode(t.encode()).decode()} for name, t in files.items()]
    )


def test_the_profile_has_to_be_the_one_that_the_server_uses() -> None:
    pro = 'logix.timezone.server="-03:00"'
    assert [one.code for one in loaded(a__ini=GOOD, Totvsprofile__pro=pro).findings if one.status != "ok"] == []
    assert [one.code for one in loaded(a__ini=GOOD, Other__pro=pro).findings if one.status != "ok"] == [
        "pro.other_file"
    ]
    assert [one.code for one in loaded(a__ini=GOOD).findings if one.status != "ok"] == ["pro.not_given"]


@pytest.mark.parametrize("name", ["TotvsAppServer.ini", "appserver.ini", "server-copy.txt"])
def test_the_file_may_have_another_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD)
    assert read_server_files([tmp_path / name]).locations[0].address == "http://srvlogix:8080/ws"


def test_a_file_that_is_none_of_both_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear all,\nthe port = 8080\n")
    (tmp_path / "large.ini").write_bytes(b"; \n" * 1_000_000)
    names = ["notes.txt", "large.ini", "missing.ini"]
    found = read_server_files([tmp_path / name for name in names])
    assert [one.code for one in found.findings] == ["files.unknown", "files.too_large", "files.missing"]
    assert found.locations == ()
    assert all(name in finding_text(one) for name, one in zip(names, found.findings, strict=True))


def test_a_folder_without_the_files_names_the_one_that_is_missing(tmp_path: Path) -> None:
    assert [one.code for one in read_server_files([tmp_path]).findings] == ["files.missing"]


@pytest.mark.timeout(30)
def test_a_folder_that_cannot_be_looked_into_keeps_nothing_else_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "TotvsAppServer.ini").write_text(GOOD, "utf-8")
    # A name that the system itself refuses, as it refuses a share without rights: also for root.
    closed = tmp_path / ("x" * 300)
    found = read_server_files([closed, tmp_path])
    assert found.locations
    (unreadable,) = (one for one in found.findings if one.code == "files.unreadable")
    assert "cannot be read: The name is too long." in unreadable.message


def test_a_share_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    import os

    # Opening a pipe that nobody writes into waits for ever, as a share whose server is gone does.
    os.mkfifo(tmp_path / "TotvsAppServer.ini")
    found = read_server_files([tmp_path / "TotvsAppServer.ini"], seconds=1.5)
    assert [one.code for one in found.findings] == ["files.silent"]
    assert "1.5 seconds" in found.findings[0].message


@pytest.mark.parametrize(
    ("path", "server"),
    [
        ("\\\\srvlogix\\totvs\\bin\\TotvsAppServer.ini", "srvlogix"),
        ("//srvlogix.local/totvs/TotvsAppServer.ini", "srvlogix.local"),
        ("\\\\?\\C:\\totvs\\TotvsAppServer.ini", ""),
        ("C:\\totvs\\TotvsAppServer.ini", ""),
        ("/home/x/TotvsAppServer.ini", ""),
    ],
)
def test_the_path_of_a_share_names_the_server(path: str, server: str) -> None:
    assert server_of(path) == server


def test_a_login_in_an_address_is_never_shown() -> None:
    found = loaded(a__ini=GOOD.replace("srvlogix", "aps:canary-5e@srvlogix"))
    assert "canary" not in repr([*found.findings, found.to_json()["locations"]])
    assert found.locations == ()


@pytest.mark.parametrize("login", ["http://aps:canary-5e@", "aps:canary-5e@", "http://aps:a/canary@x@", "//a:canary@"])
def test_a_login_in_an_address_is_never_shown_however_it_is_written(login: str) -> None:
    found = loaded(a__ini=GOOD.replace("http://srvlogix:8080/ws", f"{login}srvlogix:8080/ws"))
    assert "ini.location_invalid" in [one.code for one in found.findings]
    assert "canary" not in repr(found.findings)
    assert "srvlogix:8080" in repr(found.findings)


@pytest.mark.parametrize("said", ["0", "no", ""])
def test_that_http_is_off_is_told_as_the_file_says_it(said: str) -> None:
    found = read_ini(f"[HTTP]\nEnable={said}\nPort=8080\n", "a.ini").findings
    assert f"Enable={said or '-'} in [HTTP]" in next(one.message for one in found if one.code == "ini.http_off")


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert read_ini(text, "x.ini").file == "x.ini"
    assert read_pro(text, "x.pro").file == "x.pro"


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_has_a_cause_and_where_something_is_wrong_an_action(code: str) -> None:
    names = {
        "url", "environment", "section", "value", "port", "found", "count", "key", "path", "keys", "reason", "seconds"
    }  # fmt: skip
    found = finding(code, "a.ini", 3, **dict.fromkeys(names, "x"))
    assert found.message.endswith((".", "x", ": x."))
    assert found.hint or found.status == "ok"


def test_the_child_reads_no_more_than_its_limit_of_files(tmp_path: Path) -> None:
    assert len(in_child([str(tmp_path / str(n)) for n in range(50)])) == 20


def test_the_address_of_a_finding_is_one_that_the_profile_takes() -> None:
    from pydantic import TypeAdapter

    TypeAdapter(WebUrl).validate_python(ini(GOOD).usable()[0].address)
