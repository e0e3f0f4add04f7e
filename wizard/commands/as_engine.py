"""`aps-wizard check --as-engine` and `--prove`: what the account of the engines has to pass, and passing it as that."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path

from wizard.commands.call import FAILED, WRONG, Stop, say, say_json
from wizard.commands.terminal import say_results


def check(file: Path, as_json: bool, timeout: float | None, out: Path | None) -> int:
    """Run the checks as this account, say or leave what they found. Gives the exit code."""
    from wizard.engine import proof

    report = proof.prove_here(file, timeout)
    data = proof.to_json(report, file)
    if out:
        try:
            proof.write_result(data, out)
        except FileExistsError:
            raise Stop(WRONG, (_("{file} exists already; choose another name.").format(file=out),)) from None
    if as_json:
        say_json(data)
    else:
        say(_("Account: {account}").format(account=data["account"]))
        say_results(report.results)
    return 0 if report.status == "ok" else FAILED


def prove(file: Path, as_json: bool) -> int:
    """Run the checks under the account that the profile names, and say what they found. Gives the exit code."""
    from wizard.engine import proof
    from wizard.profile import store
    from wizard.profile.errors import ProfileError

    profile = store.read(file).profile
    try:
        found = proof.Attempt(file, profile).run()
    except proof.CannotProve as error:
        by_hand = proof.command_text(file, proof.result_file())
        raise Stop(FAILED, (str(error.problem), _("The command: {command}").format(command=by_hand))) from None
    try:
        proof.keep(file, profile, found)
    except ProfileError as error:
        # It was proved all the same; only the checklist does not know of it.
        text = _("The checklist could not take the proof over: {reason}").format(reason=error)
        sys.stderr.write(f"{text}\n")
    if as_json:
        results = [result.to_json() for result in found.results.values()]
        say_json({"account": found.account, "status": "ok" if found.passed else "failed", "checks": results})
    else:
        say(_("Account: {account}").format(account=found.account))
        say_results(list(found.results.values()))
    return 0 if found.passed else FAILED
