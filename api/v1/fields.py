"""Fields that take only what the description says: no guessing, no silent change of type."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.STR)
class Text(serializers.CharField):
    """A string and nothing that could be turned into one."""

    def to_internal_value(self, data: Any) -> str:
        """The text. Fails for numbers, which DRF would take."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Degrees(serializers.FloatField):
    """A number of degrees; no text, no true or false, nothing infinite."""

    def to_internal_value(self, data: Any) -> float:
        """The number. Fails for text, which DRF would take."""
        if isinstance(data, (bool, str)):
            self.fail("invalid")
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("invalid")


_GIVEN: dict[str, Any] = {
    "oneOf": [
        {"type": "string", "minLength": 1, "maxLength": 4_000},
        {"type": "number", "minimum": -(10**12), "maximum": 10**12},
        {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 30},
    ]
}


@extend_schema_field(_GIVEN)
class Given(serializers.Field[Any, Any, Any, Any]):
    """What a question was answered: a text, a number, or some of a list. The form says which."""

    default_error_messages = {
        "invalid": "Send a text, a number, or a list of values.",
        "blank": "This field may not be blank.",
        "max_length": "Send 4,000 characters or fewer.",
    }

    def to_internal_value(self, data: Any) -> str | list[str]:
        """The answer as the form reads it. Fails for what no question takes."""
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, int | float) and not isinstance(data, bool) and abs(data) <= 10**12:
            return str(data)
        listed = isinstance(data, list) and all(isinstance(one, str) for one in data)
        if not listed or len(data) > 30:
            self.fail("invalid")
        return [self._text(one) for one in data]

    def _text(self, data: str) -> str:
        if not data.strip():
            self.fail("blank")
        if len(data) > 4_000:
            self.fail("max_length")
        if "\x00" in data or any("\ud800" <= one <= "\udfff" for one in data):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        """As it is kept."""
        return value


class Strict(serializers.Serializer[Any]):
    """An object with no fields but these: a misspelt field is an error, not a silence."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The values. Raises ValidationError, also for fields that are not described."""
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError(
                {name[:80]: ["There is no such field."] for name in unknown[:20]}
            )
        values: dict[str, Any] = super().to_internal_value(data)
        return values
