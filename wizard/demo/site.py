"""The demo site as a whole: one folder with all its files, and its web services while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wizard.demo import logix_db, server_files
from wizard.demo.soap import SoapServer
from wizard.profile.atomic import make_folder

DATABASE_NAME: Final = "logix-demo.sqlite"


@dataclass(frozen=True)
class Site:
    """What a user of the wizard would type about this site; ``site`` is the APS establishment's code."""

    folder: Path
    database: Path
    appserver_ini: Path
    totvsprofile: Path
    webservice_url: str
    company: str
    site: str


@contextmanager
def open_site(folder: Path, *, port: int = 0) -> Iterator[Site]:
    """Make the site in ``folder`` (created if missing) and answer its web services until the block ends.

    Files of a former run are replaced; nothing is removed at the end. ``port`` 0 takes any free port. A
    folder that cannot be written or a port in use raises OSError.
    """
    make_folder(folder)
    with SoapServer(port) as server:
        database = folder / DATABASE_NAME
        logix_db.build(database)
        appserver_ini, totvsprofile = server_files.write(folder, server.url)
        yield Site(
            folder=folder,
            database=database,
            appserver_ini=appserver_ini,
            totvsprofile=totvsprofile,
            webservice_url=server.url,
            company=logix_db.COMPANY,
            site="01",
        )
