"""Examples for the help of each command: whole lines, as they are typed. A test reads every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

import typer

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "": ("aps-wizard", "aps-wizard --profile matriz --page review"),
    "demo": ("aps-wizard demo --gui", "aps-wizard demo --dir demo --keep"),
    "check": (
        "aps-wizard check matriz",
        "aps-wizard check matriz --only database.login webservice.index --json",
        "aps-wizard check matriz --timeout 20 --save",
    ),
    "checklist": (
        "aps-wizard checklist matriz --html checklist.html",
        'aps-wizard checklist matriz --confirm licences --by "Ana Souza" --evidence "contrato 123"',
    ),
    "diagnostics": ("aps-wizard diagnostics matriz --out chamado.zip",),
    "completion": ("aps-wizard completion bash > ~/.aps-wizard-completion", "aps-wizard completion powershell"),
    "profile new": (
        "aps-wizard profile new Matriz environment=test company.logix=01 company.site=01 database.dsn=LOGIX "
        "webservice.url=http://servidor:8080/ws",
    ),
    "profile list": ("aps-wizard profile list --json",),
    "profile show": ("aps-wizard profile show matriz",),
    "profile validate": ("aps-wizard profile validate matriz.yaml",),
    "profile schema": ("aps-wizard profile schema --out profile.schema.json",),
    "profile set": ("aps-wizard profile set matriz database.dsn=LOGIX update.calendar_years_back=5",),
    "profile duplicate": ("aps-wizard profile duplicate matriz --name Filial --company 02 --site 02",),
    "profile export": (
        "aps-wizard profile export matriz --share --out matriz-share.yaml",
        "aps-wizard profile export matriz --backup --out matriz.backup",
    ),
    "profile import": ("aps-wizard profile import matriz-share.yaml --name Filial database.dsn=LOGIX",),
    "profile restore": ("aps-wizard profile restore matriz --list", "aps-wizard profile restore matriz --version 2"),
    "grades capacity": ("aps-wizard grades capacity --size 4",),
    "grades import": (
        "aps-wizard grades import matriz",
        "aps-wizard grades import matriz --from-csv grades.csv --apply --confirm 1=250",
    ),
    "grades plan": ("aps-wizard grades plan matriz --headroom 20",),
    "grades codes": ("aps-wizard grades codes matriz --type 1 --csv",),
    "grades item": ("aps-wizard grades item matriz CAMISA 1=AZUL 2=P",),
    "grades export": ("aps-wizard grades export matriz referencias",),
    "dsn list": ("aps-wizard dsn list",),
    "dsn create": ('aps-wizard dsn create LOGIX --driver "IBM INFORMIX ODBC DRIVER (64-bit)" --set Host=srv',),
    "dsn test": ("aps-wizard dsn test LOGIX --timeout 10",),
    "dsn repair": ("aps-wizard dsn repair LOGIX --set Host=srv",),
    "dsn delete": ("aps-wizard dsn delete LOGIX",),
    "secret set": (
        "aps-wizard secret set matriz database.password --store dpapi",
        "aps-wizard secret set matriz database.password --store env --name APS_DB_PASSWORD",
    ),
    "secret status": ("aps-wizard secret status matriz",),
    "secret copy": ("aps-wizard secret copy matriz database.password --store dpapi",),
    "secret delete": ("aps-wizard secret delete matriz database.password",),
    "server-files": ("aps-wizard server-files TotvsAppServer.ini Totvsprofile.pro --profile matriz",),
}
"""By the words of the command; "" is the program itself."""


def add_examples(app: typer.Typer, words: str = "") -> None:
    """Put its examples under the help of every command of an application."""
    for command in app.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        command.epilog = _epilog(f"{words} {name}".strip())
    for group in app.registered_groups:
        if group.typer_instance is not None:
            add_examples(group.typer_instance, f"{words} {group.name or ''}".strip())
    if not words and app.registered_callback:
        app.registered_callback.epilog = _epilog("")


def _epilog(words: str) -> str | None:
    lines = EXAMPLES.get(words)
    # The mark keeps the lines as they are: no word of them may be wrapped.
    return "\b\n" + "\n".join((_("Examples:"), *(f"  {line}" for line in lines))) if lines else None
