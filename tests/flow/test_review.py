"""The last step: what is shown is what is written, and what cannot be written loses nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import FrameType

import pytest

from tests.flow.sessions import AT, report, typed, walked
from tests.small_disk import held, small_disk
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Report, Run
from wizard.flow import review, state
from wizard.flow.state import State
from wizard.profile import atomic, store
from wizard.profile.atomic import replace_bytes
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.validation import validation_state
from wizard.secrets import access, references
from wizard.secrets.references import SecretError
from wizard.secrets.together import both_or_neither

CANARY = "S3cret-c4nary"


BACKEND = """
import json
import pathlib

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

HERE = pathlib.Path(__file__).parent


class Vault(KeyringBackend):
    __module__ = "keyring.backends.kwallet"  # a store of the system, as far as the program can tell
    priority = 1

    def get_password(self, service, username):
        return self._kept().get(service)

    def set_password(self, service, username, password):
        if (HERE / "refuses").exists():
            raise PasswordSetError("locked")
        kept = {**self._kept(), service: password}
        (HERE / "kept.json").write_text(json.dumps(kept))
        with (HERE / "file_was_there").open("a") as seen:
            seen.write(f"{pathlib.Path(FILE).exists()}\\n")

    def delete_password(self, service, username):
        if (HERE / "keeps").exists():
            raise PasswordDeleteError("locked")
        kept = self._kept()
        del kept[service]
        (HERE / "kept.json").write_text(json.dumps(kept))

    def _kept(self):
        file = HERE / "kept.json"
        return json.loads(file.read_text()) if file.exists() else {}
"""


class Vault:
    """A credential store in files, for child processes too, that remembers whether the profile was there already."""

    def __init__(self, folder: Path, profile: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "vault.py").write_text(BACKEND.replace("FILE", repr(str(profile))), "utf-8")

    @property
    def kept(self) -> dict[str, str]:
        file = self.folder / "kept.json"
        return json.loads(file.read_text()) if file.exists() else {}

    @property
    def file_was_there(self) -> list[bool]:
        return [line == "True" for line in (self.folder / "file_was_there").read_text().split()]

    def refuse(self, refuses: bool) -> None:
        if refuses:
            (self.folder / "refuses").touch()
        else:
            (self.folder / "refuses").unlink()


@pytest.fixture
def vault(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    made = Vault(tmp_path_factory.mktemp("store") / "vault", tmp_path / "matriz.yaml")
    monkeypatch.setenv("PYTHONPATH", str(made.folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "vault.Vault")
    return made


def written(now: State) -> Path:
    assert now.file is not None
    return now.file


# --- the preview -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["informix", "oracle", "sqlserver", "odbc", "sqlite"])
def test_the_text_shown_is_written_byte_for_byte(tmp_path: Path, kind: str) -> None:
    now = state.take_report(walked(tmp_path, kind, notes="Ação: 'não' → sim\nlinha 2"), report())
    shown = review.preview(now)
    assert written(review.save(now)).read_bytes() == shown.text.encode()


def test_the_text_shown_is_written_over_an_existing_profile_too(tmp_path: Path) -> None:
    first = review.save(state.take_report(walked(tmp_path), report()))
    now = typed(state.open_profile(written(first)), {"webservice.read_timeout": "90", "notes": "VPN"})
    shown = review.preview(now)
    assert written(review.save(now)).read_bytes() == shown.text.encode()


def test_a_new_profile_has_no_difference_to_show(tmp_path: Path) -> None:
    shown = review.preview(walked(tmp_path))
    assert (shown.diff, shown.changed, shown.problems) == ((), True, ())


def test_an_existing_profile_shows_what_changes(tmp_path: Path) -> None:
    opened = state.open_profile(written(review.save(walked(tmp_path))))
    shown = review.preview(state.edit(opened, "webservice.read_timeout", 90))
    assert [line for line in shown.diff if line[0] in "+-"] == [
        "--- before",
        "+++ after",
        "-  read_timeout: 60",
        "+  read_timeout: 90",
    ]
    assert shown.changed


def test_an_untouched_profile_shows_no_change(tmp_path: Path) -> None:
    shown = review.preview(state.open_profile(written(review.save(walked(tmp_path)))))
    assert (shown.diff, shown.changed) == ((), False)


def test_comments_that_saving_will_drop_are_shown_as_dropped(tmp_path: Path) -> None:
    file = written(review.save(walked(tmp_path)))
    file.write_text(file.read_text("utf-8") + "# asked Maria\n", "utf-8")
    shown = review.preview(state.open_profile(file))
    assert "-# asked Maria" in shown.diff


def test_an_incomplete_document_shows_its_problems_and_no_text(tmp_path: Path) -> None:
    shown = review.preview(state.edit(walked(tmp_path), "database.file", ""))
    assert [problem.path for problem in shown.problems] == ["database.file"]
    assert shown.text == ""


def test_the_preview_survives_a_file_that_became_something_else(tmp_path: Path) -> None:
    opened = state.open_profile(written(review.save(walked(tmp_path))))
    written(opened).write_bytes(b"\xff\xfe\x00")
    assert review.preview(opened).text


def test_previewing_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    review.preview(state.take_report(walked(folder), report()))
    assert not folder.exists()


# --- what is remembered of the checks ----------------------------------------------------------


def marks(now: State) -> dict[str, str]:
    validation = review.final_profile(now).validation
    return {mark.id: mark.status for mark in validation.checks} if validation else {}


def only(*ids: str) -> Report:
    whole = report()
    return Report(tuple(result for result in whole.results if result.check.id in ids), whole.at)


def test_a_profile_whose_checks_all_passed_is_validated(tmp_path: Path) -> None:
    now = state.take_report(walked(tmp_path), report())
    assert review.preview(now).validation == "passed"
    stored = store.read(written(review.save(now))).profile
    assert stored.validation is not None
    assert stored.validation.at == AT
    assert validation_state(stored) == "passed"


def test_a_profile_that_was_never_checked_says_so(tmp_path: Path) -> None:
    assert review.preview(walked(tmp_path)).validation == "never"
    assert review.final_profile(walked(tmp_path)).validation is None


@pytest.mark.parametrize("failed", ["database__login", "webservice__purchase_order", "grades__sizes"])
def test_saving_with_a_failed_check_is_allowed_and_marked(tmp_path: Path, failed: str) -> None:
    now = state.take_report(walked(tmp_path), report(**{failed: "fail"}))
    assert review.preview(now).validation == "failed"
    assert validation_state(store.read(written(review.save(now))).profile) == "failed"


def test_a_real_failure_is_written_with_its_code(tmp_path: Path) -> None:
    now = walked(tmp_path, database__file="missing.sqlite")
    now = state.take_report(now, Run(state.subject(now), chosen(["database.login"])).run())
    stored = store.read(written(review.save(now))).profile
    assert stored.validation is not None
    found = {mark.id: (mark.status, mark.code) for mark in stored.validation.checks}
    assert found["database.reachable"] == ("fail", "database.no_file")
    assert found["database.login"] == ("skipped", "needs_failed")


def test_a_profile_of_which_only_a_part_was_checked_is_not_validated(tmp_path: Path) -> None:
    now = state.take_report(walked(tmp_path), only("profile.valid", "grades.sizes"))
    assert review.preview(now).validation == "failed"
    # A recommended check that nobody ran leaves no mark.
    others = {id_: "skipped" for id_, check in checks().items() if check.mandatory}
    assert marks(now) == {**others, "profile.valid": "ok", "grades.sizes": "ok"}


def test_a_profile_checked_page_by_page_is_the_one_checked_at_once(tmp_path: Path) -> None:
    at_once = state.take_report(walked(tmp_path), report())
    by_page = walked(tmp_path)
    for id_ in reversed(checks()):
        by_page = state.take_report(by_page, only(id_))
    assert review.preview(by_page).text == review.preview(at_once).text


def test_marks_of_an_earlier_session_that_still_hold_are_kept(tmp_path: Path) -> None:
    opened = state.open_profile(written(review.save(state.take_report(walked(tmp_path), report()))))
    now = state.take_report(state.edit(opened, "notes", "VPN"), only("grades.sizes"))
    assert set(marks(now).values()) == {"ok"}
    assert review.preview(now).validation == "passed"


def test_marks_of_an_earlier_session_that_an_edit_made_stale_are_dropped(tmp_path: Path) -> None:
    opened = state.open_profile(written(review.save(state.take_report(walked(tmp_path), report()))))
    edited = state.edit(opened, "webservice.read_timeout", 90)
    now = state.take_report(edited, only("webservice.reachable"))
    looked = {id_ for id_, check in checks().items() if "webservice" in check.covers} - {"webservice.reachable"}
    assert {id_ for id_, status in marks(now).items() if status == "skipped"} == looked
    assert review.preview(now).validation == "failed"


def test_an_edit_without_a_new_check_leaves_the_profile_stale(tmp_path: Path) -> None:
    opened = state.open_profile(written(review.save(state.take_report(walked(tmp_path), report()))))
    now = state.edit(opened, "webservice.read_timeout", 90)
    assert review.preview(now).validation == "stale"
    assert review.preview(state.edit(now, "webservice.read_timeout", 60)).validation == "passed"


# --- writing -----------------------------------------------------------------------------------


def test_after_saving_the_session_goes_on_with_the_file(tmp_path: Path) -> None:
    saved = review.save(state.take_report(walked(tmp_path), report()))
    assert saved.saved_data == saved.data
    assert not saved.walking
    assert review.preview(saved).changed is False
    again = review.save(state.edit(saved, "notes", "VPN"))
    assert store.read(written(again)).profile.notes == "VPN"
    assert written(again) == written(saved)


def test_a_file_changed_meanwhile_is_not_overwritten_and_nothing_is_lost(tmp_path: Path, vault: Vault) -> None:
    opened = state.open_profile(written(review.save(walked(tmp_path, "informix"))))
    now = state.type_secret(state.edit(opened, "notes", "mine"), "database.password", CANARY)
    other = review.save(state.edit(opened, "notes", "theirs"))
    with pytest.raises(ProfileError) as error:
        review.save(now)
    assert [problem.code for problem in error.value.problems] == ["changed_meanwhile"]
    assert store.read(written(other)).profile.notes == "theirs"
    assert now.data["notes"] == "mine"
    assert now.typed == {"database.password": CANARY}
    # Opened again, the same typing is saved.
    fresh = state.edit(state.open_profile(written(other)), "notes", "mine")
    assert store.read(written(review.save(fresh))).profile.notes == "mine"


def test_a_file_that_can_no_longer_be_read_leaves_the_preview_of_what_would_be_written(tmp_path: Path) -> None:
    now = state.edit(state.open_profile(written(review.save(walked(tmp_path)))), "notes", "mine")
    assert now.file is not None
    now.file.unlink()
    now.file.mkdir()
    assert "mine" in review.preview(now).text


def test_a_file_removed_meanwhile_is_not_written_anew(tmp_path: Path) -> None:
    opened = state.open_profile(written(review.save(walked(tmp_path))))
    written(opened).unlink()
    with pytest.raises(ProfileError, match="changed or removed"):
        review.save(state.edit(opened, "notes", "mine"))
    assert not written(opened).exists()


def test_an_incomplete_document_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ProfileError):
        review.save(state.edit(walked(tmp_path / "profiles"), "database.file", ""))
    assert not (tmp_path / "profiles").exists()


def test_secrets_are_stored_before_the_profile_that_names_them_is_written(tmp_path: Path, vault: Vault) -> None:
    now = state.type_secret(walked(tmp_path, "informix"), "database.password", CANARY)
    now = state.type_secret(now, "webservice.password", "another")
    saved = review.save(now)
    assert vault.kept == {
        "aps-wizard/matriz/database.password": CANARY,
        "aps-wizard/matriz/webservice.password": "another",
    }
    assert vault.file_was_there == [False, False]
    assert saved.typed == {}
    assert CANARY not in written(saved).read_text("utf-8")
    assert CANARY not in repr(saved)


def test_when_a_secret_cannot_be_stored_the_profile_is_untouched(tmp_path: Path, vault: Vault) -> None:
    opened = state.open_profile(written(review.save(walked(tmp_path, "informix"))))
    before = written(opened).read_bytes()
    vault.refuse(True)
    now = state.type_secret(opened, "database.password", CANARY)
    with pytest.raises(SecretError) as error:
        review.save(now)
    assert error.value.problem.path == "database.password"
    assert CANARY not in str(error.value)
    assert written(opened).read_bytes() == before
    assert now.typed == {"database.password": CANARY}
    vault.refuse(False)
    assert review.save(now).typed == {}


def codes(error: pytest.ExceptionInfo[ProfileError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def with_secret(folder: Path, store_kind: str) -> State:
    """A profile on disk whose password is stored, opened again with another one typed."""
    first = state.choose_store(walked(folder, "informix"), "database.password", store_kind)
    saved = review.save(state.type_secret(first, "database.password", "former"))
    opened = state.edit(state.open_profile(written(saved)), "notes", "mine")
    return state.type_secret(opened, "database.password", CANARY)


def kept_secret(now: State) -> str:
    return references.fetch(state.value_of(now.data, "database.password"), "database.password")


@pytest.mark.parametrize("kind", ["keyring", "dpapi"])
def test_a_profile_that_cannot_take_its_place_gives_the_stores_back_what_they_held(
    tmp_path: Path, vault: Vault, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    now = with_secret(tmp_path, kind)
    now = state.type_secret(now, "webservice.password", "never stored before")
    before = written(now).read_bytes()
    with held(written(now)), pytest.raises(ProfileError, match="Another program holds the file") as error:
        review.save(now)
    assert codes(error) == ["unwritable"]
    assert written(now).read_bytes() == before
    assert kept_secret(now) == "former"
    with pytest.raises(SecretError, match=r"holds no entry|has no file"):
        references.fetch(state.value_of(now.data, "webservice.password"), "webservice.password")
    assert now.typed == {"database.password": CANARY, "webservice.password": "never stored before"}
    assert not list(tmp_path.glob("*.tmp"))
    assert kept_secret(review.save(now)) == CANARY


@pytest.mark.parametrize(
    ("notes", "written_already", "kept"),
    [("mine", False, "former"), ("mine", True, CANARY), ("", True, "former")],
)
def test_ctrl_c_leaves_the_new_password_with_the_new_profile_or_the_former_with_the_former(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: str, written_already: bool, kept: str
) -> None:
    """At the moment when the file that holds the change takes its place, or has taken it. Without notes the text of
    the profile stays the same, and that file is the one with the password.
    """
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    now = state.edit(with_secret(tmp_path, "dpapi"), "notes", notes)
    moment = atomic._sync_folder if written_already else atomic.move

    def press(frame: FrameType, event: str, _what: object) -> None:
        if event == "call" and frame.f_code is moment.__code__ and last(frame):
            sys.setprofile(None)
            raise KeyboardInterrupt

    def last(frame: FrameType) -> bool:
        if written_already:
            return kept_secret(now) == CANARY and store.read(written(now)).profile.notes == notes
        return bool(frame.f_locals["path"] == written(now))

    sys.setprofile(press)
    try:
        with pytest.raises(KeyboardInterrupt):
            review.save(now)
    finally:
        sys.setprofile(None)
    assert kept_secret(now) == kept
    assert store.read(written(now)).profile.notes == (notes if written_already else "")


def test_what_a_store_does_not_take_back_is_told(tmp_path: Path, vault: Vault) -> None:
    saved = review.save(walked(tmp_path, "informix"))
    now = state.type_secret(state.edit(saved, "notes", "mine"), "database.password", CANARY)
    (vault.folder / "keeps").touch()
    with held(written(now)), pytest.raises(ProfileError) as error:
        review.save(now)
    assert codes(error) == ["unwritable", "secret.not_put_back"]
    assert CANARY not in str(error.value)


@pytest.mark.parametrize("kind", ["keyring", "dpapi"])
def test_a_full_or_closed_disk_is_told_before_any_secret_is_stored(
    tmp_path: Path, vault: Vault, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path / "elsewhere" / "profiles"))
    with small_disk(tmp_path / "disk") as disk:
        now = with_secret(disk.folder, kind)
        stores = [vault.kept, *(file.read_bytes() for file in (disk.folder / "secrets").glob("*"))]
        disk.fill()
        with pytest.raises(ProfileError, match="The disk is full"):
            review.save(now)
        disk.free()
        disk.read_only(True)
        with pytest.raises(ProfileError, match="can only be read"):
            review.save(now)
        disk.read_only(False)
        assert [vault.kept, *(file.read_bytes() for file in (disk.folder / "secrets").glob("*"))] == stores
        assert kept_secret(review.save(now)) == CANARY


def test_of_two_secrets_the_first_is_put_back_when_the_second_is_refused(
    tmp_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    now = with_secret(tmp_path, "dpapi")
    now = state.type_secret(now, "webservice.password", "another")
    before = written(now).read_bytes()
    vault.refuse(True)
    with pytest.raises(SecretError) as error:
        review.save(now)
    assert error.value.problem.path == "webservice.password"
    assert kept_secret(now) == "former"
    assert written(now).read_bytes() == before


def test_a_typed_secret_is_stored_although_the_profile_itself_stays_as_it_is(tmp_path: Path, vault: Vault) -> None:
    now = state.edit(with_secret(tmp_path, "keyring"), "notes", "")
    assert review.preview(now).changed is False
    assert kept_secret(review.save(now)) == CANARY


def test_another_account_of_the_engines_is_let_in_only_with_the_profile_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    first = state.choose_store(walked(tmp_path, "informix"), "database.password", "dpapi")
    saved = review.save(state.type_secret(first, "database.password", "former"))
    now = typed(saved, {"engine_account.kind": "user", "engine_account.name": "nobody"})
    sealed = Path(state.value_of(now.data, "database.password").removeprefix("dpapi:"))
    sealed = tmp_path / "secrets" / sealed.name
    with held(written(now)), pytest.raises(ProfileError):
        review.save(now)
    assert access.readers(sealed) == frozenset()
    review.save(now)
    assert access.readers(sealed) == {"nobody"}


def test_a_save_that_fails_gives_back_who_could_read_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    first = typed(walked(tmp_path, "informix"), {"engine_account.kind": "user", "engine_account.name": "nobody"})
    first = state.choose_store(first, "database.password", "dpapi")
    saved = review.save(state.type_secret(first, "database.password", "former"))
    sealed = tmp_path / "secrets" / Path(state.value_of(saved.data, "database.password")).name
    assert access.readers(sealed) == {"nobody"}
    moved = state.type_secret(typed(saved, {"engine_account.name": "daemon"}), "database.password", "fresh")
    with held(written(moved)), pytest.raises(ProfileError):
        review.save(moved)
    assert access.readers(sealed) == {"nobody"}
    assert kept_secret(saved) == "former"
    reference = state.value_of(saved.data, "database.password")

    def let_in_and_fail() -> None:
        with both_or_neither() as secrets:
            secrets.let_in(reference, "database.password", None)
            raise ProfileError([Problem("held", "held")])

    with pytest.raises(ProfileError):
        let_in_and_fail()
    assert access.readers(sealed) == {"nobody"}


def test_what_was_emptied_is_a_change_of_its_page(tmp_path: Path) -> None:
    saved = review.save(state.edit(walked(tmp_path), "customer", "Serra Azul Ltda"))
    assert "Changed pages: Company." in review.told_before_writing(state.edit(saved, "customer", ""))


def test_a_file_changed_meanwhile_leaves_the_stored_secret_alone(tmp_path: Path, vault: Vault) -> None:
    now = with_secret(tmp_path, "keyring")
    review.save(state.edit(state.open_profile(written(now)), "notes", "theirs"))
    with pytest.raises(ProfileError) as error:
        review.save(now)
    assert codes(error) == ["changed_meanwhile"]
    assert kept_secret(now) == "former"


def test_a_secret_of_a_kind_that_is_no_longer_chosen_is_not_stored(tmp_path: Path, vault: Vault) -> None:
    now = state.type_secret(walked(tmp_path, "informix"), "database.password", CANARY)
    now = typed(now, {"database.kind": "sqlite", "database.file": "logix.sqlite"})
    review.save(now)
    assert vault.kept == {}


def test_the_password_of_the_original_survives_one_typed_for_its_copy(tmp_path: Path, vault: Vault) -> None:
    first = review.save(state.type_secret(walked(tmp_path, "informix"), "database.password", "original"))
    copy = state.duplicate_profile(written(first), "Filial", "02", "02")
    review.save(state.type_secret(copy, "database.password", "copy"))
    assert vault.kept["aps-wizard/matriz/database.password"] == "original"
    assert vault.kept["aps-wizard/filial/database.password"] == "copy"


def test_the_version_before_is_kept_beside_the_profile(tmp_path: Path) -> None:
    file = written(review.save(walked(tmp_path)))
    before = file.read_bytes()
    review.save(state.edit(state.open_profile(file), "notes", "VPN"))
    assert file.with_name("matriz.yaml.bak").read_bytes() == before
    replace_bytes(file, before)
    assert state.open_profile(file).data.get("notes") == ""
