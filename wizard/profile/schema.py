"""The JSON Schema of the profile, for editors; profiles/profile.schema.json is generated from here."""

from __future__ import annotations

import json

from wizard.profile.models import Profile


def schema_text() -> str:
    """The schema as it stands in profiles/profile.schema.json: sorted, indented, ending in a line end."""
    schema = Profile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "aps-wizard profile"
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
