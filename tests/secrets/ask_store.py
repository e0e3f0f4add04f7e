"""A process of its own that does what its standard input says with the credential store, and tells how it went.

Input: {"unlock": the password of the store, or null to leave it locked, or absent to start none,
"steps": [[name, reference, value], ...]}. Output: one line of JSON per step.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wizard.checklist.check import Subject
from wizard.profile.load import profile_from_data
from wizard.profile.models import Profile
from wizard.secrets import keyring_store, references
from wizard.secrets.checks.readable import CHECK

FIELD = "database.password"


def main() -> None:
    order = json.loads(sys.stdin.read())
    if order.get("unlock") is None:
        _steps(order["steps"])
        return
    with unlocked(order["unlock"]):
        _steps(order["steps"])


def _steps(steps: list[list[str]]) -> None:
    for name, reference, *value in steps:
        print(json.dumps(_step(name, reference, *value)), flush=True)


def _step(name: str, reference: str, value: str = "") -> dict[str, Any]:
    try:
        match name:
            case "store":
                references.store(reference, FIELD, value)
                return {"done": None}
            case "read":
                return {"done": references.read(reference, FIELD)}
            case "typed":
                outcome = CHECK.run(Subject(_profile(reference), Path("matriz.yaml"), {FIELD: value}))
                return {"code": outcome.code, "status": outcome.status}
            case "delete":
                keyring_store.delete(reference.partition(":")[2], FIELD)
                return {"done": None}
    except references.SecretError as error:
        problem = error.problem
        return {"code": problem.code, "text": f"{problem.message} {problem.action}", "path": problem.path}
    raise ValueError(name)


def _profile(reference: str) -> Profile:
    return profile_from_data(
        {
            "version": 1,
            "name": "Matriz",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "odbc", "dsn": "LOGIX", "user": "aps", "password": reference},
            "webservice": {"url": "http://logix/ws"},
        }
    )


@contextmanager
def unlocked(password: str) -> Iterator[None]:
    """gnome-keyring with its store unlocked, as a login does it."""
    command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as daemon:
        assert daemon.stdin is not None
        daemon.stdin.write(password.encode())
        daemon.stdin.close()
        _wait_for_the_store()
        try:
            yield
        finally:
            daemon.terminate()


def _wait_for_the_store() -> None:
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection

    deadline = time.monotonic() + 20
    with open_dbus_connection() as bus:
        while not bus.send_and_get_reply(message_bus.NameHasOwner("org.freedesktop.secrets")).body[0]:
            if time.monotonic() > deadline:
                os._exit(3)
            time.sleep(0.02)


if __name__ == "__main__":
    main()
