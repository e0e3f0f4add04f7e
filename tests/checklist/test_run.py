"""Running checks: over the real demo site, in time, side by side, cancelled, and without a word too much."""

from __future__ import annotations

import base64
import dataclasses
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest

from tests.patience import ENDLESS, PATIENCE
from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Report, Result, Run, validation
from wizard.demo.site import Site
from wizard.grades import importer
from wizard.grades.import_result import Wish
from wizard.profile.load import profile_to_data
from wizard.profile.validation import is_stale

Make = Callable[..., Subject]

SERVICES = ["webservice.production_order", "webservice.purchase_order"]
CANARY = "canary-3b8f-ç}{&<senha"


def by_id(report: Report) -> dict[str, Outcome]:
    return {result.check.id: result.outcome for result in report.results}


def codes(report: Report) -> dict[str, str]:
    return {id_: outcome.code for id_, outcome in by_id(report).items()}


def here(id_: str, run: Callable[[Subject], Outcome], needs: tuple[str, ...] = (), mandatory: bool = True) -> Check:
    """A check that only computes."""
    return Check(id_, id_, run, ("company",), needs=needs, mandatory=mandatory, isolated=False)


def well(subject: Subject) -> Outcome:
    return ok("well", "Well.")


def badly(subject: Subject) -> Outcome:
    return fail("badly", "Badly.", "Do something.")


class Background:
    """A run in a thread, so that the test can cancel it."""

    def __init__(self, run: Run) -> None:
        self.report: Report | None = None
        self._run = run
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        self.report = self._run.run()

    def wait(self) -> Report:
        self._thread.join(PATIENCE)
        assert self.report is not None, "it goes on"
        return self.report


# --- the demo site -----------------------------------------------------------------------------


@pytest.mark.seed("R-CFG-05", "R-CHK-02", "R-CHK-03")
def test_every_check_passes_over_the_demo_site(make: Make) -> None:
    imported = importer.run(make(), Wish(apply=True)).grades
    subject = make()
    subject = dataclasses.replace(subject, profile=subject.profile.model_copy(update={"grades": imported}))
    report = Run(subject, chosen()).run()
    assert {result.check.id: (result.outcome.status, result.outcome.message) for result in report.results} == {
        "profile.valid": ("ok", "The profile is complete."),
        "secret.readable": ("ok", "This profile needs no password."),
        "aps.store": ("ok", "The APS store serra-azul.aps.sqlite can be written."),
        "database.address": ("ok", "No server is named here, so there is no name to look up."),
        "database.reachable": ("ok", "The database file is there."),
        "database.driver": ("ok", "The driver sqlite3 can be loaded."),
        "database.login": ("ok", by_id(report)["database.login"].message),
        "database.isolation": ("ok", by_id(report)["database.isolation"].message),
        "database.charset": ("ok", by_id(report)["database.charset"].message),
        "database.tables": ("ok", by_id(report)["database.tables"].message),
        "database.keys": ("ok", by_id(report)["database.keys"].message),
        "database.read_only": ("ok", "The session is opened for reading only."),
        "database.throughput": ("ok", by_id(report)["database.throughput"].message),
        "database.data_source": ("ok", "This connection needs no ODBC data source."),
        "database.company": ("ok", "Company 01 is Confecções Serra Azul Ltda."),
        "webservice.name": ("ok", "127.0.0.1 resolves."),
        "webservice.port": ("ok", f"{by_id(report)['webservice.port'].details['place']} answers."),
        "webservice.tls": ("ok", "The address is http: there is no certificate to prove."),
        "webservice.reachable": ("ok", "The web service answers."),
        "webservice.index": ("ok", "The index lists PRODUCTIONORDER, PURCHASEORDER."),
        "webservice.production_order": ("ok", "PRODUCTIONORDER is published; message version 2.000."),
        "webservice.purchase_order": ("ok", "PURCHASEORDER is published; message version 1.007."),
        "webservice.addresses": ("ok", "Orders go to addresses that can be reached from here."),
        "webservice.versions": ("ok", "Message versions: production order 2.000, purchase order 1.007."),
        "grades.ctr_grade": ("ok", "Logix has 3 grade types for this company."),
        "grades.sizes": ("ok", "All 3 grade types fit; the longest combination takes 10 of 15 characters."),
        "grades.references": ("ok", "3,036 references are kept."),
    }
    assert report.status == "ok"
    assert [result.check.id for result in report.results] == list(checks())


@pytest.mark.seed("R-CHK-03")
def test_grades_are_not_asked_of_a_company_that_uses_none(make: Make, site: Site) -> None:
    outcomes = by_id(Run(make(), chosen(["grades.sizes"])).run())
    assert (outcomes["grades.sizes"].status, outcomes["grades.sizes"].code) == ("ok", "grades.unused")


# --- needs -------------------------------------------------------------------------------------


def test_what_needs_a_check_that_failed_is_skipped_and_names_it(make: Make) -> None:
    report = Run(make(database={"kind": "sqlite", "file": "missing.sqlite"}), chosen(["grades.ctr_grade"])).run()
    assert codes(report) == {
        "profile.valid": "profile.ok",
        "database.address": "database.no_address",
        "database.reachable": "database.no_file",
        "database.driver": "database.driver_loads",
        "database.login": "needs_failed",
        "database.company": "needs_failed",
        "grades.ctr_grade": "needs_failed",
    }
    login = by_id(report)["database.login"]
    assert login.status == "skipped"
    assert "Database reachable" in login.message
    assert report.status == "failed"


def test_a_check_waits_for_what_it_needs_in_whatever_order_they_stand(make: Make) -> None:
    order: list[str] = []

    def noted(id_: str) -> Callable[[Subject], Outcome]:
        def run(subject: Subject) -> Outcome:
            order.append(id_)
            return well(subject)

        return run

    third, second, first = here("c", noted("c"), ("b",)), here("b", noted("b"), ("a",)), here("a", noted("a"))
    report = Run(make(), [third, second, first]).run()
    assert order == ["a", "b", "c"]
    assert [result.check.id for result in report.results] == ["c", "b", "a"]


def test_a_need_that_is_not_run_is_refused_instead_of_waited_for(make: Make) -> None:
    with pytest.raises(ValueError, match=r"database\.reachable"):
        Run(make(), [checks()["database.login"]])


def test_a_recommended_check_that_fails_does_not_fail_the_report(make: Make) -> None:
    recommended = here("a", badly, mandatory=False)
    assert Run(make(), [recommended, here("b", well)]).run().status == "ok"
    assert Run(make(), [recommended, here("b", badly)]).run().status == "failed"


def test_no_checks_are_no_results(make: Make) -> None:
    assert Run(make(), []).run().results == ()


# --- time --------------------------------------------------------------------------------------


def test_a_check_that_takes_too_long_is_ended_and_fails(make: Make, silent: Any) -> None:
    subject = make(webservice={"url": f"http://{silent.address}/ws"})
    limit, code = 1.5, ""
    while code != "timed_out":
        assert limit < PATIENCE, code
        # Nothing else ends the waiting so soon: the profile gives the server a minute.
        report = Background(Run(subject, chosen(SERVICES), timeout=limit)).wait()
        outcome = by_id(report)["webservice.reachable"]
        code, told = outcome.code, f"{limit:g} seconds"
        # What it needs has to answer within the limit, for which a busy machine takes longer.
        limit *= 2
    assert outcome.status == "fail"
    assert told in outcome.message
    assert outcome.hint
    assert codes(report)["webservice.purchase_order"] == "needs_failed"


def test_checks_run_side_by_side(make: Make) -> None:
    together = threading.Barrier(4)

    def slow(subject: Subject) -> Outcome:
        together.wait(PATIENCE)
        time.sleep(0.1)
        return well(subject)

    report = Run(make(), [here(id_, slow) for id_ in "abcd"]).run()
    assert set(codes(report).values()) == {"well"}
    assert all(result.elapsed_ms >= 100 for result in report.results)


def test_children_run_side_by_side(make: Make, silent: Any) -> None:
    subject = make(
        {"database.password": "any-password"},
        database={
            "kind": "oracle",
            "host": "127.0.0.1",
            "port": int(silent.address.split(":")[1]),
            "service": "x",
            "user": "aps",
            "login_timeout": 60,
        },
        webservice={"url": f"http://{silent.address}/ws"},
    )
    begun = {id_: threading.Event() for id_ in ("database.login", "webservice.reachable")}

    def note(check: Check) -> None:
        if check.id in begun:
            begun[check.id].set()

    patient = [dataclasses.replace(check, timeout=ENDLESS) for check in chosen(list(begun))]
    run = Run(subject, patient, on_start=note)
    background = Background(run)
    # The server answers neither.
    assert all(event.wait(PATIENCE) for event in begun.values())
    run.cancel()
    assert {codes(background.wait())[id_] for id_ in begun} == {"cancelled"}


# --- cancel ------------------------------------------------------------------------------------


def test_a_cancel_ends_what_runs_and_skips_the_rest(make: Make, silent: Any) -> None:
    begun = threading.Event()

    def note(check: Check) -> None:
        if check.id == "webservice.reachable":
            begun.set()

    run = Run(make(webservice={"url": f"http://{silent.address}/ws"}), chosen(SERVICES), on_start=note)
    background = Background(run)
    assert begun.wait(PATIENCE)
    run.cancel()
    report = background.wait()
    outcomes = by_id(report)
    for proved in ("profile.valid", "webservice.name", "webservice.port", "webservice.tls"):
        assert outcomes.pop(proved).status == "ok"
    assert {(outcome.status, outcome.code) for outcome in outcomes.values()} == {("skipped", "cancelled")}
    assert outcomes.keys() == {"webservice.reachable", *SERVICES}


def test_a_cancel_before_the_start_runs_nothing(make: Make) -> None:
    started: list[str] = []
    run = Run(make(), chosen(), on_start=lambda check: started.append(check.id))
    run.cancel()
    assert {(result.outcome.status, result.outcome.code) for result in run.run().results} == {("skipped", "cancelled")}
    assert started == []


def test_a_callback_that_fails_ends_the_run_and_its_children(make: Make, silent: Any) -> None:
    begun = threading.Event()

    def refuse(check: Check) -> None:
        if check.id == "webservice.reachable":
            begun.set()
        if check.id == "aps.store":
            assert begun.wait(PATIENCE)
            raise ZeroDivisionError

    subject = make(webservice={"url": f"http://{silent.address}/ws"})
    told: list[Result] = []
    with pytest.raises(ZeroDivisionError):
        Run(subject, chosen(["aps.store", *SERVICES]), on_start=refuse, on_result=told.append).run()
    assert codes(Report(tuple(told), datetime.now(UTC))).get("webservice.reachable", "cancelled") == "cancelled"


# --- what is told ------------------------------------------------------------------------------


def test_start_and_result_of_each_check_are_told_once(make: Make) -> None:
    started: list[str] = []
    told: list[Result] = []
    checks_ = [here("a", well), here("b", badly), here("c", well, ("b",)), here("d", well, ("a",))]
    report = Run(make(), checks_, on_start=lambda check: started.append(check.id), on_result=told.append).run()
    assert sorted(started) == ["a", "b", "d"]
    assert sorted(result.check.id for result in told) == ["a", "b", "c", "d"]
    assert set(map(id, told)) == set(map(id, report.results))


def test_the_document_has_the_agreed_keys_and_no_others(make: Make) -> None:
    def talkative(subject: Subject) -> Outcome:
        return fail("badly", "Ação não.", "Faça.", original="details are not part of the document")

    document = json.loads(json.dumps(Run(make(), [here("a", well), here("b", talkative)]).run().to_json("x.yaml")))
    elapsed = [check.pop("elapsed_ms") for check in document["checks"]]
    assert all(isinstance(value, int) for value in elapsed)
    assert document == {
        "profile": "x.yaml",
        "status": "failed",
        "checks": [
            {"id": "a", "status": "ok", "code": "well", "title": "a", "message": "Well.", "hint": ""},
            {"id": "b", "status": "fail", "code": "badly", "title": "b", "message": "Ação não.", "hint": "Faça."},
        ],
    }


def test_a_check_that_crashes_is_a_result_without_its_text(make: Make) -> None:
    def crash(subject: Subject) -> Outcome:
        raise LookupError(CANARY)

    report = Run(make(), [here("a", crash), here("b", well, ("a",))]).run()
    outcome = by_id(report)["a"]
    assert (outcome.status, outcome.code, dict(outcome.details)) == ("crashed", "crashed", {"ending": "LookupError"})
    assert outcome.hint
    assert CANARY not in repr(report)
    assert codes(report)["b"] == "needs_failed"
    assert report.status == "failed"


class _Echo(BaseHTTPRequestHandler):
    """Tells everybody the login that it was given, in every place that an answer has."""

    def do_GET(self) -> None:
        scheme, _blank, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            self.send_response(401)
            self.end_headers()
            return
        password = base64.b64decode(token).decode("latin-1").partition(":")[2]
        if "again" not in self.path:
            self.send_response(302)
            self.send_header("Location", f"/ws/again?senha={quote(password)}&p={quote(password)}&basic={token}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response_only(500, f"no {password}")
        self.send_header("Server", f"{password} {token}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Nothing is logged."""


@contextmanager
def echo() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/ws"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("where", ["env", "typed"])
def test_a_secret_is_in_no_result_though_the_server_echoes_it(
    make: Make, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with echo() as url:
        webservice = {"url": url, "user": "aps", "password": "env:APS_TEST_ECHO"}
        if where == "env":
            monkeypatch.setenv("APS_TEST_ECHO", CANARY)
            subject = make(webservice=webservice)
        else:
            subject = make({"webservice.password": CANARY}, webservice=webservice)
        report = Run(subject, chosen(SERVICES)).run()
    outcome = by_id(report)["webservice.production_order"]
    # The server did get the password, and the answer did come back.
    assert (outcome.code, outcome.details["status"]) == ("webservice.status", "500")
    assert outcome.details["server"] == "*** ***"
    assert "again?senha=***" in outcome.details["address"]
    text = repr(report)
    token = base64.b64encode(f"aps:{CANARY}".encode("latin-1")).decode()
    for form in (CANARY, "canary-3b8f", quote(CANARY), token, token.rstrip("=")):
        assert form not in text


def test_a_secret_of_the_environment_is_read_by_its_child_alone(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = {"url": "http://127.0.0.1:1/ws", "user": "aps", "password": "env:APS_TEST_CHILD"}
    unset = by_id(Run(make(webservice=reference), chosen(["secret.readable"])).run())["secret.readable"]
    assert (unset.status, unset.code) == ("fail", "secret.env_missing")
    monkeypatch.setenv("APS_TEST_CHILD", CANARY)
    found = by_id(Run(make(webservice=reference), chosen(["secret.readable"])).run())["secret.readable"]
    assert (found.status, found.code) == ("ok", "secret.readable")


# --- what the profile remembers ----------------------------------------------------------------


def test_the_profile_remembers_each_result_until_what_it_covered_changes(make: Make) -> None:
    subject = make()
    report = Run(subject, [here("a", well), here("b", badly)]).run()
    at = datetime(2024, 3, 4, 5, 6, 7, 890, tzinfo=UTC)
    kept = validation({result.check.id: result for result in report.results}, subject, at)
    assert kept.at == at.replace(microsecond=0)
    assert [(mark.id, mark.status, mark.code, mark.mandatory) for mark in kept.checks] == [
        ("a", "ok", "well", True),
        ("b", "fail", "badly", True),
    ]
    changed = make(company={"logix": "02", "site": "01"})
    untouched = make(notes="another section")
    assert all(is_stale(mark, profile_to_data(changed.profile)) for mark in kept.checks)
    assert not any(is_stale(mark, profile_to_data(untouched.profile)) for mark in kept.checks)
