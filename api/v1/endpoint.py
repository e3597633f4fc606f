"""What every address of the API has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.permissions import Scope, Viewer
from api.errors import ScopeMissing
from api.parsing import AlwaysJson, JsonParser


class InScope(BasePermission):
    """A known token, issued for what the address does."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False without a token (401); raises ScopeMissing for a token issued for other things."""
        if not isinstance(request.auth, Viewer):
            return False
        scope = getattr(view, "scope", None)
        if scope is not None and scope not in request.auth.scopes:
            raise ScopeMissing(f"This token was not issued for {scope.value}")
        return True


class Endpoint(APIView):
    """One address. `scope` is what the token must have been issued for; None: any token."""

    scope: ClassVar[Scope | None] = None
    permission_classes = (InScope,)
    parser_classes = (JsonParser,)
    content_negotiation_class = AlwaysJson
    metadata_class = None
    http_method_names = ["get", "head", "post"]

    @property
    def viewer(self) -> Viewer:
        """The system that calls."""
        viewer = self.request.auth
        if not isinstance(viewer, Viewer):
            raise TypeError("an endpoint is reached only with a token")
        return viewer

    def checked(self, shape: type[Serializer[Any]], data: Any) -> dict[str, Any]:
        """What was sent, as the shape describes it. Raises DRF's ValidationError."""
        serializer = shape(data=data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
