"""What is said of each thing that the model refuses: cause, and action where the cause does not tell it.

Keys are pydantic's error types and our own; a new limit in the model needs no new text when pydantic
has a type for it.
"""

from __future__ import annotations

from gettext import gettext as _
from typing import Any


def N_(text: str) -> str:
    """Marks a text for translation where it is declared; it is translated where it is shown."""
    return text


TEXTS = {
    "missing": N_("This value is required."),
    "extra_forbidden": N_("The profile knows no such key."),
    "string_too_short": N_("At least {min_length} characters are needed."),
    "string_too_long": N_("At most {max_length} characters fit."),
    "string_pattern_mismatch": N_("The value does not have the right form."),
    "string_type": N_("A text is expected here."),
    "string_unicode": N_("The value holds an invisible control character; type it again."),
    "int_parsing": N_("A whole number is expected here."),
    "int_from_float": N_("A whole number is expected here."),
    "int_parsing_size": N_("A whole number is expected here."),
    "int_type": N_("A whole number is expected here."),
    "greater_than_equal": N_("The value must be {ge} or more."),
    "less_than_equal": N_("The value must be {le} or less."),
    "bool_parsing": N_("Write true or false."),
    "bool_type": N_("Write true or false."),
    "date_from_datetime_parsing": N_("Write the date as YYYY-MM-DD."),
    "date_parsing": N_("Write the date as YYYY-MM-DD."),
    "date_type": N_("Write the date as YYYY-MM-DD."),
    "date_from_datetime_inexact": N_("Write the date as YYYY-MM-DD."),
    "datetime_from_date_parsing": N_("Write date and time as 2026-01-31T12:00:00Z."),
    "datetime_parsing": N_("Write date and time as 2026-01-31T12:00:00Z."),
    "timezone_aware": N_("The time zone is missing; write a Z at the end for UTC."),
    "literal_error": N_("Only these values are allowed: {expected}."),
    "union_tag_invalid": N_("Only these values are allowed: {expected_tags}."),
    "union_tag_not_found": N_("The kind of database is missing."),
    "model_type": N_("A section with keys of its own is expected here."),
    "model_attributes_type": N_("A section with keys of its own is expected here."),
    "dict_type": N_("A section with keys of its own is expected here."),
    "tuple_type": N_("A list is expected here."),
    "too_long": N_("At most {max_length} entries are allowed."),
    "too_short": N_("At least {min_length} entries are needed."),
    "control_character": N_("The value holds an invisible control character; type it again."),
    "several_lines": N_("The value must stand on one line."),
    "outer_blanks": N_("Blanks stand before or after the value."),
    "url": N_("Write an address such as http://server:8080/ws."),
    "url_rest": N_("The address may hold no blanks and nothing from '?' or '#' on."),
    "store_url": N_("Write a SQLAlchemy URL such as postgresql+psycopg://user@server/aps."),
    "secret_in_url": N_("A user or password stands in the address. Use the fields user and password instead."),
    "code_twice": N_("Two grade types have this code."),
    "indicator_twice": N_("Two grade types have this indicator character; it must be unique in the company."),
    "item_twice": N_("This item is confirmed twice."),
    "unknown_type": N_("The combination names a grade type that the profile does not have."),
    "two_limits": N_("Give a cut-off date or a horizon in days, not both."),
    "database_target": "{target}",
    "newer_version": N_(
        "This profile was written by a newer version of the program. Install that version, or newer, to open it."
    ),
    "version_unknown": N_("The version of the profile is missing or is not a whole number."),
}

FIELD_TEXTS = {
    "secret": N_("Write where the secret is kept: keyring:SERVICE, dpapi:FILE or env:NAME. Never the secret itself."),
    "aps.url": N_("A password stands in the address. Take it out and give it in the field of the password."),
    "company.logix": N_("The Logix company code (cod_empresa) has one or two letters or digits, such as 01."),
    "company.site": N_("The APS site code has one to five letters or digits."),
    "database.proof_table": N_("The name of the table must begin with aps_wizard, so that it can be none of Logix."),
    "database.dsn": N_("A DSN name has none of the characters [ ] { } ( ) , ; ? * = ! @ \\."),
    "indicator": N_("The indicator is one digit or capital letter."),
    "size": N_("The size of a reference is 3, 4 or 5 characters."),
}


def explain(kind: str, path: str, context: dict[str, Any]) -> str:
    """The sentence for one refusal; `kind` is its type, `context` holds limits, never the value itself."""
    last = path.rpartition(".")[2]
    if kind in ("string_pattern_mismatch", "literal_error", "int_parsing", "secret_in_url"):
        special = FIELD_TEXTS.get("secret" if last.endswith("password") else path) or FIELD_TEXTS.get(last)
        if special:
            return _(special)
    # "At least 1 characters" is what nobody says.
    text = TEXTS.get("missing" if context.get("min_length") == 1 else kind)
    if text is None:
        return _("The value is not valid here ({kind}).").format(kind=kind)
    known = {name: str(value) for name, value in context.items()}
    # The sentence of the kind itself stands with its fields.
    of_kind = known.get("target")
    if of_kind:
        return _(of_kind)
    if "expected" in known:
        known["expected"] = known["expected"].replace(" or ", ", ")
    return _(text).format(**known)
