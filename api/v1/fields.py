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
