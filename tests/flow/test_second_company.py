"""The copy for another company: what is asked, what must not be that of the first, and that nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flow.sessions import walked
from wizard.flow import review, second_company
from wizard.flow import state as flow
from wizard.flow.second_company import Copy

STORE = "postgresql+psycopg://aps@server/aps01"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    monkeypatch.setenv("APS_WS", "x")
    first = flow.edit(walked(tmp_path), "aps.url", STORE)
    first = review.save(flow.edit(first, "webservice.password", "env:APS_WS"))
    assert first.file is not None
    return second_company.begin(first.file)


def asked(copy: Copy) -> list[str]:
    return [field.path for field in second_company.questions(copy)]


def answered(copy: Copy, **answers: str) -> Copy:
    typed = {"name": "Filial", "company__logix": "02", "company__site": "02"} | answers
    for path, value in typed.items():
        copy = second_company.typed(copy, path.replace("__", "."), value)
    return copy


@pytest.mark.seed("R-GEN-02")
def test_what_is_asked_is_what_another_company_has_of_its_own(copy: Copy) -> None:
    own = ["name", "company.logix", "company.site", "environment", "aps.url"]
    assert asked(copy) == [*own, "webservice.password"]
    assert copy.first_name == "Matriz"


def test_everything_asked_for_is_missing_first_and_nothing_is_wrong_when_it_is_answered(copy: Copy) -> None:
    assert {problem.path for problem in second_company.wrong(copy)} == {"name", "company.logix", "company.site"}
    assert second_company.wrong(answered(copy)) == ()


@pytest.mark.parametrize(("path", "value"), [("company__logix", "01"), ("aps__url", STORE), ("name", "Matriz")])
@pytest.mark.seed("R-GEN-02")
def test_what_is_the_first_companys_is_refused(copy: Copy, path: str, value: str) -> None:
    (problem,) = second_company.wrong(answered(copy, **{path: value}))
    assert problem.path == path.replace("__", ".")
    assert problem.action


def test_the_copy_is_a_profile_that_can_be_written_and_the_first_stays(copy: Copy) -> None:
    before = (copy.state.folder / "matriz.yaml").read_bytes()
    saved = review.save(answered(copy).state)
    assert saved.file == copy.state.folder / "filial.yaml"
    assert flow.value_of(saved.data, "webservice") == flow.value_of(copy.first, "webservice")
    assert flow.value_of(saved.data, "aps.url") is None
    assert (copy.state.folder / "matriz.yaml").read_bytes() == before
