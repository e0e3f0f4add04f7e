"""The demo site is whole while it is open, and silent afterwards."""

from __future__ import annotations

import dataclasses
import http.client
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.patience import PATIENCE
from wizard.demo.site import Site, open_site


def status_of(url: str) -> int:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", f"{address.path}/PRODUCTIONORDER.apw?WSDL")
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_open_site_has_all_its_parts(tmp_path: Path) -> None:
    folder = tmp_path / "novo" / "site"
    with open_site(folder) as site:
        assert sorted(path.name for path in folder.iterdir()) == [
            "TotvsAppServer.ini",
            "Totvsprofile.pro",
            "logix-demo.sqlite",
        ]
        assert {site.database.parent, site.appserver_ini.parent, site.totvsprofile.parent} == {site.folder}
        assert (site.company, site.site) == ("01", "01")
        ini = site.appserver_ini.read_text(encoding="cp1252")
        assert f"\nURLLocation={site.webservice_url}\n" in ini
        assert f"\nPort={urlsplit(site.webservice_url).port}\n" in ini
        assert status_of(site.webservice_url) == 200
        with closing(sqlite3.connect(site.database)) as database:
            sql = "SELECT count(*) FROM ctr_grade WHERE cod_empresa = ?"
            assert database.execute(sql, (site.company,)).fetchone() == (3,)


def test_a_closed_site_answers_nothing_and_keeps_its_files(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with open_site(tmp_path) as site:
        pass
    with pytest.raises(OSError, match=r".+"):
        status_of(site.webservice_url)
    assert site.database.is_file()
    assert set(threading.enumerate()) <= before


def test_services_stop_when_the_block_fails(tmp_path: Path) -> None:
    urls: list[str] = []

    def fail() -> None:
        with open_site(tmp_path) as site:
            urls.append(site.webservice_url)
            raise KeyError("stop here")

    with pytest.raises(KeyError):
        fail()
    with pytest.raises(OSError, match=r".+"):
        status_of(urls[0])


def test_a_site_opens_again_in_its_folder_and_port(tmp_path: Path) -> None:
    with open_site(tmp_path) as first:
        port = urlsplit(first.webservice_url).port
    assert port is not None
    with open_site(tmp_path, port=port) as second:
        assert second == first


def test_a_folder_that_cannot_be_made_is_an_os_error(tmp_path: Path) -> None:
    taken = tmp_path / "arquivo"
    taken.write_text("x")
    before = set(threading.enumerate())
    for folder in (taken, taken / "site"):
        with pytest.raises(OSError, match="arquivo"), open_site(folder):
            pass
    assert set(threading.enumerate()) == before


def test_a_site_does_not_change() -> None:
    site = Site(Path(), Path(), Path(), Path(), "http://127.0.0.1:1/ws", "01", "01")
    with pytest.raises(dataclasses.FrozenInstanceError):
        site.company = "02"  # type: ignore[misc]
